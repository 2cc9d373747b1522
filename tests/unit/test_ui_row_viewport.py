"""Reading a long transcript through a small window."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from console.ui.widgets.paged_rows import PagedRows
from console.ui.widgets.row_layout import LaidOut, Line, lay_out_chunk, lay_out_row
from console.ui.widgets.row_viewport import START, Position, Rows, RowViewport
from store.records import LogChunkRecord, TranscriptRowRecord


class FakeRows:
    """Rows of 1 to 3 lines, and a count of those laid out."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.laid_out: set[int] = set()

    def lay_out(self, number: int, _width: int, _expanded: bool) -> LaidOut | None:
        self.laid_out.add(number)
        lines: list[Line] = [(("output", f"{number}.{line}"),) for line in range(1 + number % 3)]
        return LaidOut(tuple(lines), shortened=False)

    def as_rows(self) -> Rows:
        return Rows(lambda: self.count, self.lay_out)


def viewport_over(rows: FakeRows, *, height: int = 20, follow: bool = True) -> RowViewport:
    viewport = RowViewport()
    viewport.resize(80, height)
    viewport.show(rows.as_rows(), follow=follow)
    return viewport


def shown(viewport: RowViewport) -> list[str]:
    return [line[0][1] for _, line in viewport.visible()]


def test_a_hundred_thousand_rows_cost_no_more_than_a_screen_of_them() -> None:
    rows = FakeRows(100_000)
    viewport = viewport_over(rows)
    viewport.move_pages(-1)
    viewport.go_to(50_000)
    viewport.go_to(0)
    viewport.follow()
    assert len(rows.laid_out) < 200
    assert shown(viewport)[-1] == "99999.0"


def test_following_stays_at_the_end_while_rows_arrive() -> None:
    rows = FakeRows(50)
    viewport = viewport_over(rows)
    rows.count = 60
    viewport.forget([])
    assert shown(viewport)[-1] == "59.2"


def test_scrolling_up_stays_put_and_counts_what_arrives() -> None:
    rows = FakeRows(50)
    viewport = viewport_over(rows)
    viewport.move(-1)
    before = viewport.top
    rows.count = 57
    viewport.forget([])
    assert (viewport.top, viewport.new_count, viewport.is_following) == (before, 7, False)
    viewport.follow()
    assert viewport.new_count == 0


def test_scrolling_up_where_there_is_nothing_above_keeps_following() -> None:
    viewport = viewport_over(FakeRows(3))
    viewport.move(-5)
    assert viewport.is_following


@given(st.lists(st.integers(-60, 60), max_size=30), st.integers(1, 40), st.integers(0, 80))
def test_the_top_never_leaves_what_there_is(moves: list[int], height: int, count: int) -> None:
    viewport = viewport_over(FakeRows(count), height=height)
    for lines in moves:
        viewport.move(lines)
        assert START <= viewport.top <= viewport.end()
        assert len(shown(viewport)) == min(height, sum(1 + number % 3 for number in range(count)))
        first, end = viewport.thumb()
        assert 0 <= first <= end <= height


@given(st.integers(1, 200))
def test_down_undoes_up(lines: int) -> None:
    viewport = viewport_over(FakeRows(500))
    start = viewport.top
    viewport.move(-lines)
    viewport.move(lines)
    assert viewport.top == start


def test_a_narrower_window_keeps_the_row_at_the_top() -> None:
    viewport = viewport_over(FakeRows(500))
    viewport.go_to(200)
    viewport.resize(40, 20)
    assert viewport.top == Position(200, 0)


def row(number: int, **changes: object) -> TranscriptRowRecord:
    record = TranscriptRowRecord(
        run_id="r",
        row_no=number,
        at_ms=40.0,
        kind="assistant",
        title="",
        body="text",
        is_error=False,
        entry_seq=0,
        closed=True,
    )
    return replace(record, **changes)  # pyright: ignore[reportArgumentType]  -- fields by name, for brevity


def test_live_rows_lie_over_stored_ones_until_the_file_has_them() -> None:
    file = {0: row(0)}
    rows = PagedRows(
        1, lambda first, limit: [file[n] for n in range(first, first + limit) if n in file], lambda r: r.row_no
    )
    rows.take([row(0, body="newer"), row(1, body="live")])
    assert [(rows.row(0) or row(9)).body, (rows.row(1) or row(9)).body, rows.count] == ["newer", "live", 2]


def test_old_live_rows_are_read_from_the_file_again() -> None:
    reads: list[int] = []

    def read(first: int, limit: int) -> list[TranscriptRowRecord]:
        reads.append(first)
        return [row(number, body="stored") for number in range(first, first + limit)]

    rows = PagedRows(0, read, lambda r: r.row_no)
    rows.take(row(number) for number in range(3_000))
    assert (rows.row(0) or row(9)).body == "stored"
    assert (rows.row(2_999) or row(9)).body == "text"
    assert reads == [0]


def plain(laid_out: LaidOut) -> list[str]:
    return ["".join(text for _, text in line).rstrip() for line in laid_out.lines]


def test_a_long_tool_result_is_shortened_and_says_by_how_much() -> None:
    result = row(0, kind="tool_result", body="\n".join(f"line {n}" for n in range(40)))
    short = lay_out_row(result, 80, expanded=False)
    assert plain(short)[0] == "  0.04 │ line 0"
    assert plain(short)[-1].strip() == "… 34 more lines · space"
    assert short.shortened
    assert len(lay_out_row(result, 80, expanded=True).lines) == 40


def test_a_failed_tool_result_shows_the_cross_and_the_word() -> None:
    failed = row(0, kind="tool_result", tool="bash", is_error=True, body="no such file")
    assert plain(lay_out_row(failed, 80, expanded=False)) == ["  0.04 ✖ bash failed", "       │ no such file"]


def test_a_tool_result_without_output_says_so() -> None:
    assert plain(lay_out_row(row(0, kind="tool_result", body=""), 80, expanded=False)) == ["  0.04 │ (no output)"]


def test_ten_megabytes_of_output_are_shortened_without_laying_them_out() -> None:
    huge = row(0, kind="tool_result", body="x" * 79 + "\n" + ("y" * 79 + "\n") * 125_000)
    assert len(lay_out_row(huge, 80, expanded=False).lines) <= 14
    assert len(lay_out_row(huge, 80, expanded=True).lines) <= 2_001


@given(
    st.sampled_from(["assistant", "thinking", "tool_call", "tool_result", "request", "error", "user", "novel"]),
    st.text(),
    st.integers(20, 120),
)
def test_every_row_has_a_line_and_no_line_is_wider_than_the_lane(kind: str, text: str, width: int) -> None:
    laid_out = lay_out_row(row(0, kind=kind, title=text[:30], body=text, tool=text[:5]), width, expanded=False)
    assert laid_out.lines
    from rich.cells import cell_len

    assert all(sum(cell_len(piece) for _, piece in line) <= max(width, 60) for line in laid_out.lines)


def test_a_chunk_of_the_log_shows_its_number_and_its_stream() -> None:
    chunk = LogChunkRecord(run_id="r", seq=12, ts="", stream="stderr", chunk="one\ntwo\n")
    assert plain(lay_out_chunk(chunk, 80, expanded=False)) == ["    12 ! one", "         two"]
