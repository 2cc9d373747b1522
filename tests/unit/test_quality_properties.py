"""What holds of every transcript: one made from the script is faultless, and each fault moves its own number."""

from __future__ import annotations

import json
import string
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from console.engine.quality.result import ScriptedItem
from console.engine.quality.truth import Truth
from store.records import TranscriptRowRecord
from tests.unit.quality_samples import HELLO, PROMPT, Call, Turn, faithful, measured, row

SIGNS = "日本語שלוםمرحبا👩‍👩‍👧‍👦🇩🇪é"
WORD = st.text(alphabet=string.ascii_letters + SIGNS, min_size=1, max_size=8)


@st.composite
def stories(draw: st.DrawFn) -> tuple[Turn, ...]:
    """Scripts whose items can be told apart: each text, command and output has a number of its own."""
    numbers = iter(range(10_000))

    def said() -> str:
        words = draw(st.lists(WORD, min_size=1, max_size=6))
        return f"{next(numbers):05} {' '.join(words)} {next(numbers):05}"

    def call() -> Call:
        number = next(numbers)
        arguments: dict[str, Any] = {"command": f"run {said()}", "options": [draw(st.integers()), {"deep": draw(WORD)}]}
        return Call(f"call_{number}", arguments, said())

    def turn(*, is_last: bool) -> Turn:
        calls = () if is_last else tuple(call() for _ in range(draw(st.integers(1, 3))))
        return Turn(said() if is_last or draw(st.booleans()) else "", said() if draw(st.booleans()) else "", calls)

    count = draw(st.integers(1, 4))
    return tuple(turn(is_last=number == count - 1) for number in range(count))


@given(stories())
@settings(deadline=None)
def test_a_transcript_made_from_the_script_is_faultless(turns: tuple[Turn, ...]) -> None:
    quality = measured(faithful(turns), turns)
    assert (quality.recall, quality.duplicates, quality.order_errors, quality.lost_characters) == (1.0, 0, 0, 0)
    assert quality.findings == ()


@given(stories(), st.data())
@settings(max_examples=50, deadline=None)
def test_leaving_out_any_row_lowers_recall_by_just_that_item(turns: tuple[Turn, ...], data: st.DataObject) -> None:
    rows = faithful(turns)
    shown = [number for number, record in enumerate(rows) if record.kind != "request"]
    left_out = data.draw(st.sampled_from(shown))
    quality = measured([*rows[:left_out], *rows[left_out + 1 :]], turns)
    assert quality.shown_count == quality.item_count - 1
    assert (quality.duplicates, quality.order_errors) == (0, 0)


@given(stories(), st.data())
@settings(max_examples=50, deadline=None)
def test_repeating_any_row_adds_just_one_duplicate(turns: tuple[Turn, ...], data: st.DataObject) -> None:
    rows = faithful(turns)
    repeated = data.draw(st.sampled_from([number for number, record in enumerate(rows) if record.kind != "request"]))
    later = data.draw(st.integers(repeated + 1, len(rows)))
    quality = measured([*rows[:later], rows[repeated], *rows[later:]], turns)
    assert (quality.duplicates, quality.recall, quality.order_errors) == (1, 1.0, 0)


@given(stories(), st.data())
@settings(max_examples=50, deadline=None)
def test_moving_any_text_to_the_front_is_an_order_error(turns: tuple[Turn, ...], data: st.DataObject) -> None:
    rows = faithful(turns)
    texts = [number for number, record in enumerate(rows) if record.kind in ("assistant", "thinking")]
    items = [number for number, record in enumerate(rows) if record.kind != "request"]
    moved = data.draw(st.sampled_from(texts))
    quality = measured([rows[moved], *rows[:moved], *rows[moved + 1 :]], turns)
    assert quality.order_errors == int(moved != items[0])
    assert (quality.recall, quality.duplicates) == (1.0, 0)


KINDS = st.sampled_from(
    ["assistant", "thinking", "tool_call", "tool_result", "result", "system", "stdout", "error", "?"]
)
BODIES = st.one_of(
    st.text(max_size=40),
    st.sampled_from([HELLO[0].text, HELLO[1].text, PROMPT, "hi 👋🏽\n", '{"command": "echo hi"}', HELLO[0].text[:9]]),
)
ANY_ROW = st.builds(
    row, KINDS, BODIES, title=BODIES, tool_use_id=st.sampled_from([None, "", "call_1", "x|call_1", "y"])
)


@given(st.lists(ANY_ROW, max_size=12))
@settings(deadline=None)
def test_whatever_is_shown_the_numbers_fit_together(rows: list[TranscriptRowRecord]) -> None:
    quality = measured(rows)
    kinds = [finding.kind for finding in quality.findings]
    assert quality.item_count - quality.shown_count == kinds.count("missing")
    assert (quality.duplicates, quality.order_errors) == (kinds.count("duplicate"), kinds.count("out_of_order"))
    assert 0 <= quality.order_errors < max(1, quality.shown_count)
    assert all(finding.place is None or 0 <= finding.place.row < len(rows) for finding in quality.findings)


def test_a_run_of_many_calls_and_words_of_nobody_is_measured() -> None:
    turns = (
        *(Turn(f"Step {n}.", calls=(Call(f"c{n}", {"command": f"run {n}"}, f"out {n}"),)) for n in range(300)),
        Turn("Done."),
    )
    items = [item for number, turn in enumerate(turns) for item in _items(number, turn)]
    rows = faithful(turns)
    quality = measured(
        [*rows, *[row("assistant", f"Nothing of it {n}") for n in range(300)]], turns, Truth(tuple(items), ())
    )
    assert (quality.recall, quality.duplicates, quality.order_errors) == (1.0, 0, 0)


def _items(number: int, turn: Turn) -> Iterator[ScriptedItem]:
    yield ScriptedItem(number, "text", turn.text)
    for call in turn.calls:
        yield ScriptedItem(number, "tool_call", json.dumps(call.arguments), call.tool, call.id)
        yield ScriptedItem(number, "tool_result", call.result or "", call.tool, call.id)
