"""Plots say what their numbers say, in exactly the width they were given, and the same without colour."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.engine.statistics.figures import Interval, Rate
from console.ui.plots.axis import Axis, ratio_axis, value_axis
from console.ui.plots.history import PastInterval, history
from console.ui.plots.rate import needed_words, rate_bar, rate_words
from console.ui.plots.strip import Dot, strip
from console.ui.plots.timeline import time_scale, timeline
from console.ui.plots.waterfall import Phase, totals, waterfall
from console.ui.plots.whisker import scale, whisker
from console.ui.text import SafeText, own

WIDTHS = st.integers(1, 200)
RATIOS = st.floats(1e-3, 1e3)
VALUES = st.lists(st.floats(0, 1e9), min_size=1, max_size=40)
PERFECT = Rate(14, 14, Interval(0.785, 1), 0.95, 59)
AXIS = ratio_axis([1.25], 41)


def plain(lines: Iterable[SafeText]) -> list[str]:
    return [line.plain for line in lines]


def drawn(point: float | None, low: float, high: float) -> str:
    return whisker(AXIS, point, Interval(low, high), margin=1.25).plain


def test_the_scale_names_even_and_the_margin() -> None:
    assert scale(AXIS, margin=1.25).plain == "0.5                1.0  1.25×           2"  # noqa: RUF001  (a times sign)


@pytest.mark.parametrize(
    ("point", "low", "high", "expected"),
    [
        (1.04, 0.94, 1.1, "                  ├──●─┤  ┊              "),
        (1.5, 1.2, 2.7, "                    │    ├──────●───────▶"),
        (15.8, 14.0, 17.0, "                    │     ┊             ▶"),
        (1.0, 1.0, 1.0, "                    ●     ┊              "),
        (0.45, 0.4, 0.55, "◀──┤                │     ┊              "),
        (0.2, 0.1, 0.3, "◀                   │     ┊              "),
    ],
)
def test_a_whisker_shows_where_the_interval_lies(point: float, low: float, high: float, expected: str) -> None:
    assert drawn(point, low, high) == expected


def test_without_an_interval_there_is_a_point_or_nothing() -> None:
    assert whisker(AXIS, 3.0, None).plain == "                    │                   ▶"
    assert whisker(AXIS, None, None).plain.strip() == "│"


def test_every_value_is_a_dot_and_an_outlier_is_marked_below() -> None:
    found = strip([Dot(0), Dot(0), Dot(5), Dot(10, is_outlier=True)], Axis(0, 10, 11), median=2.5, height=1)
    assert plain(found.lines) == ["⡄    ⡀    ⢀", "──┴───────○"]
    assert found.values_per_dot == 1


def test_a_dot_stands_for_several_values_where_they_do_not_fit() -> None:
    found = strip([Dot(0)] * 9, Axis(0, 10, 11), height=1)
    assert (found.lines[0].plain[0], found.values_per_dot) == ("⡆", 3)


def test_phases_follow_each_other_and_the_difference_is_told() -> None:
    phases = [Phase(own("root"), 10, 20), Phase(own("agent start"), 30, None), Phase(own("tools"), 10.25, 60)]
    assert plain(waterfall(phases, 60)) == [
        (
            "root            A ██                     10.0 ms            \n"
            "                B ▒▒▒▒                   20.0 ms    +10.0 ms"
        ),
        (
            "agent start     A   ██████               30.0 ms            \n"
            "                B                              \N{EN DASH}            "
        ),
        (
            "tools           A         ███            10.2 ms            \n"
            "                B     ▒▒▒▒▒▒▒▒▒▒▒▒▒      60.0 ms    +49.8 ms"
        ),
    ]
    assert totals(phases).difference_ms == 29.75


def test_a_quantity_over_time_rises_from_the_left() -> None:
    points = [(0.0, 0.0), (500.0, 50.0), (1000.0, 100.0)]
    assert plain(timeline(points, (0, 1000), (100, own("100 MB")), (31, 3))) == [
        "    100 MB┤             ⣀⣀⠤⠤⠒⠒⠉",
        "          ┤      ⣀⣀⠤⠔⠒⠉⠉       ",
        "         0┤⣀⠤⠔⠒⠊⠉              ",
    ]
    assert time_scale((0, 1000), 31).plain == "           0.0      0.5   1.0 s"


def test_experiments_stand_below_each_other_on_one_axis() -> None:
    found = [
        PastInterval(own("#1"), 1.04, Interval(0.98, 1.1), 1.25),
        PastInterval(own("#2"), None, None, None, is_current=True),
    ]
    assert plain(history(found, 70)) == [
        "                                      0.5            1.0             2",
        "  #1               1.04 (0.98\N{EN DASH}1.10)                  ├●─┤ ┊           ",
        "▸ #2               \N{EN DASH}                                  │               ",
    ]


def test_a_rate_has_its_interval_and_says_how_many_more_it_needs() -> None:
    assert rate_bar(PERFECT, 22).plain == "▕               ├───●▏"
    assert rate_words(PERFECT).plain == "14/14  78\N{EN DASH}100%"
    assert needed_words(PERFECT).plain == "◐ 59 more in a row for ≥ 95%"
    assert needed_words(Rate(100, 100, Interval(0.963, 1), 0.95, 0)).plain == "✔ ≥ 95%"
    assert rate_words(Rate(0, 0, Interval(0, 1))).plain == "none yet"


@given(WIDTHS, RATIOS, RATIOS, RATIOS, st.floats(1.0, 100.0))
def test_a_whisker_is_as_wide_as_its_axis(width: int, low: float, point: float, high: float, margin: float) -> None:
    axis = ratio_axis([margin], width)
    low, point, high = sorted([low, point, high])
    assert whisker(axis, point, Interval(low, high), margin=margin).cell_length == width
    assert scale(axis, margin=margin).cell_length == width
    assert whisker(axis, point, None).cell_length == width


@given(WIDTHS, VALUES, st.integers(1, 4))
def test_a_strip_is_as_wide_as_its_axis(width: int, values: list[float], height: int) -> None:
    found = strip([Dot(value) for value in values], value_axis(values, width), median=values[0], height=height)
    assert {line.cell_length for line in found.lines} == {width}
    assert len(found.lines) == height + 1
    raised = sum((ord(sign) - 0x2800).bit_count() for line in found.lines[:-1] for sign in line.plain if sign != " ")
    assert raised * found.values_per_dot >= len(values)


@given(st.integers(40, 200), st.lists(st.one_of(st.none(), st.floats(-5, 1e6)), min_size=1, max_size=9))
def test_a_waterfall_is_never_wider_than_asked(width: int, times: list[float | None]) -> None:
    phases = [Phase(own("a phase with quite a long name"), time, time) for time in times]
    lines = [line for phase in waterfall(phases, width) for line in phase.split("\n", allow_blank=True)]
    assert max(line.cell_length for line in lines) <= width


@given(st.integers(1, 200), st.integers(1, 6), VALUES)
def test_a_timeline_is_never_wider_than_asked(width: int, height: int, values: list[float]) -> None:
    points = [(float(number), value) for number, value in enumerate(values)]
    lines = timeline(points, (0, len(values)), (max(values), own("top")), (width, height))
    assert len(lines) == height
    assert max(line.cell_length for line in [*lines, time_scale((0, 10), width)]) <= width


@given(WIDTHS, RATIOS, st.integers(0, 200), st.integers(0, 200))
def test_history_and_rates_are_never_wider_than_asked(width: int, ratio: float, k: int, n: int) -> None:
    lines = history([PastInterval(own("#1"), ratio, Interval(ratio, ratio), 1.25)], width)
    assert max(line.cell_length for line in lines) <= width
    rate = Rate(min(k, n), n, Interval(0.1, 0.9), 0.95, 4)
    assert rate_bar(rate, width).cell_length == width
