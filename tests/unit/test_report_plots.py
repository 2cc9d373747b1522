"""Plots as SVG: whole, named, the same every time, and within their frame."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.engine.report.plots import (
    Curve,
    MemoryPlot,
    Phase,
    PhaseBar,
    Plot,
    RateBar,
    RatePlot,
    Strip,
    StripPlot,
    WaterfallPlot,
    Whisker,
    WhiskerPlot,
)
from console.engine.report.svg import draw
from console.engine.report.svg.canvas import WIDTH, number
from console.engine.report.svg.scale import LinearScale, LogScale
from console.engine.report.values import binary_unit, counted, quantity, ratio_text, share_text, significant

UNHURRIED = settings(deadline=None)
TIMES = st.floats(0, 1e7)
RATIOS = st.floats(0.01, 100)


def elements(plot: Plot) -> list[ElementTree.Element]:
    """The drawing as strict XML."""
    return list(ElementTree.fromstring(str(draw(plot, "p", "title", "description"))).iter())


def inside(plot: Plot) -> bool:
    """Whether every coordinate is a finite number within the frame."""
    drawn = elements(plot)
    _, _, width, height = map(float, drawn[0].attrib["viewBox"].split())
    across = [float(item.attrib[name]) for item in drawn for name in ("x", "x1", "x2", "cx") if name in item.attrib]
    down = [float(item.attrib[name]) for item in drawn for name in ("y", "y1", "y2", "cy") if name in item.attrib]
    return all(-8 <= value <= width + 8 for value in across) and all(-8 <= value <= height + 8 for value in down)


@UNHURRIED
@given(st.lists(st.tuples(RATIOS, RATIOS, RATIOS, st.none() | RATIOS), min_size=1, max_size=5))
def test_whiskers_stay_within_their_frame(given_ratios: list[tuple[float, float, float, float | None]]) -> None:
    whiskers: list[Whisker] = []
    for one, two, three, margin in given_ratios:
        low, ratio, high = sorted((one, two, three))
        whiskers.append(Whisker("m", low, ratio, high, margin, "over"))
    assert inside(WhiskerPlot("a", "b", tuple(whiskers)))


@UNHURRIED
@given(st.lists(TIMES, max_size=30), st.none() | TIMES)
def test_strips_stay_within_their_frame(values: list[float], median: float | None) -> None:
    assert inside(StripPlot("ms", (Strip("a", 0, tuple(values), median), Strip("b", 1, (5.0,), None))))


@UNHURRIED
@given(st.lists(TIMES, min_size=1, max_size=12))
def test_a_waterfall_stays_within_its_frame(durations: list[float]) -> None:
    phases = tuple(Phase(f"step {index}", value) for index, value in enumerate(durations))
    assert inside(WaterfallPlot((PhaseBar("a", phases), PhaseBar("b", phases[:1]))))


@UNHURRIED
@given(st.lists(st.tuples(TIMES, st.floats(0, 1e12)), max_size=20))
def test_memory_stays_within_its_frame(points: list[tuple[float, float]]) -> None:
    assert inside(MemoryPlot("PSS", (Curve("a", 0, tuple(points)),)))


def test_each_step_of_a_waterfall_begins_where_the_one_before_it_ended() -> None:
    plot = WaterfallPlot((PhaseBar("a", (Phase("one", 100.0), Phase("two", 300.0))),))
    first, second = (item for item in elements(plot) if item.tag == "rect")
    end = float(first.attrib["x"]) + float(first.attrib["width"])
    assert abs(end - float(second.attrib["x"])) < 0.2
    assert abs(float(second.attrib["width"]) - 3 * float(first.attrib["width"])) < 0.5


def test_a_verdict_is_told_by_words_and_not_by_colour_alone() -> None:
    plot = WhiskerPlot("a", "b", (Whisker("cold start", 1.5, 1.9, 2.3, 1.25, "over"),))
    drawn = elements(plot)
    assert any(item.text == "over" for item in drawn)
    assert any(item.attrib.get("class") == "whisker bad" for item in drawn)


def test_arms_differ_in_their_shapes_and_not_in_colour_alone() -> None:
    plot = StripPlot("ms", tuple(Strip(name, arm, (1.0, 2.0), None) for arm, name in enumerate("abc")))
    marks = {item.tag for item in elements(plot) if "dot" in item.attrib.get("class", "")}
    assert marks == {"circle", "rect", "path"}


@pytest.mark.parametrize(
    "plot",
    [
        RatePlot((RateBar("a", 3, 3, 0.44, 1.0), RateBar("b", 0, 0, 0.0, 1.0))),
        MemoryPlot("RSS", ()),
        StripPlot("ms", ()),
        WaterfallPlot(()),
    ],
)
def test_a_plot_of_little_or_nothing_is_still_whole(plot: Plot) -> None:
    assert inside(plot)
    assert str(draw(plot, "p", "t", "d")) == str(draw(plot, "p", "t", "d"))


def test_a_drawing_names_its_title_and_description() -> None:
    root = elements(RatePlot(()))[0]
    assert root.attrib["aria-labelledby"] == "p-title p-desc"
    assert root.attrib["viewBox"].startswith(f"0 0 {WIDTH:.0f} ")


@UNHURRIED
@given(st.floats(-1e9, 1e9))
def test_a_coordinate_is_short_and_has_no_exponent(value: float) -> None:
    assert re.fullmatch(r"-?\d+(\.\d)?", number(value))
    assert number(-0.01) == "0"


@UNHURRIED
@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9))
def test_ticks_lie_on_their_axis_and_are_few(low: float, span: float) -> None:
    scale = LinearScale(low, low + span, 0, 100)
    assert len(scale.ticks()) <= 12
    assert all(scale.low - span * 1e-6 <= tick <= scale.high + span * 1e-6 for tick in scale.ticks())


@UNHURRIED
@given(st.floats(0.001, 10), st.floats(1.05, 1000))
def test_ticks_of_ratios_lie_on_their_axis_and_are_few(low: float, factor: float) -> None:
    ticks = LogScale(low, low * factor, 0, 100).ticks()
    assert len(ticks) <= 18
    assert all(low <= tick <= low * factor for tick in ticks)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (quantity(0.1234, "ms"), "0.123 ms"),
        (quantity(1234.5, "ms"), "1.23 s"),
        (quantity(150_000, "ms"), "2.5 min"),
        (quantity(1, "bytes"), "1 byte"),
        (quantity(3 * 2**20, "bytes"), "3 MiB"),
        (quantity(-1536, "bytes"), "-1.5 KiB"),
        (quantity(0.995, "share"), ">99%"),
        (quantity(12345, "tokens"), "12,345 tokens"),
        (quantity(1, "processes"), "1 process"),
        (quantity(-1, "tokens"), "-1 token"),
        (quantity(1, "s"), "1 s"),
        (quantity(7, "count"), "7"),
        (ratio_text(1.254), "1.25x"),
        (ratio_text(12.54), "12.5x"),
        (share_text(0.004), "<1%"),
        (share_text(1.0), "100%"),
        (significant(0.000123), "0.000123"),
        (significant(float("nan")), "—"),
        (counted(0, "run"), "no runs"),
        (counted(1, "run"), "1 run"),
        (counted(2, "criterion", "criteria"), "2 criteria"),
    ],
)
def test_numbers_are_told_to_three_digits(told: str, expected: str) -> None:
    assert told == expected


def test_axes_of_bytes_count_in_binary_units() -> None:
    ticks = LinearScale(0, 800 * 2**20, 0, 100).ticks(binary_unit(800 * 2**20))
    assert [quantity(tick, "bytes") for tick in ticks[:3]] == ["0 bytes", "200 MiB", "400 MiB"]
