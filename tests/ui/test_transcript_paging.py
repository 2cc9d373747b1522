"""Transcripts that are far longer than the screen, read from a real store."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.app import App, ComposeResult

from console.ui.widgets.run_rows import RunRows
from console.ui.widgets.transcript_view import TranscriptView
from store.pager import TranscriptPager
from store.records import LogChunkRecord, TranscriptRowRecord
from tests.ui.driving import WIDE
from tests.ui.fake_engine import fill
from tests.ui.samples import row

ROW_COUNT = 100_000


class CountingPager:
    """Counts the rows that are read from the store."""

    def __init__(self, pager: TranscriptPager) -> None:
        self._pager = pager
        self.rows_read = 0

    def row_count(self, run_id: str) -> int:
        return self._pager.row_count(run_id)

    def rows(self, run_id: str, first_row_no: int, limit: int) -> list[TranscriptRowRecord]:
        found = self._pager.rows(run_id, first_row_no, limit)
        self.rows_read += len(found)
        return found

    def log_chunk_count(self, run_id: str) -> int:
        return self._pager.log_chunk_count(run_id)

    def log_chunks(self, run_id: str, first_seq: int, limit: int) -> list[LogChunkRecord]:
        return self._pager.log_chunks(run_id, first_seq, limit)


class OneTranscript(App[None]):
    """Nothing but a transcript."""

    def compose(self) -> ComposeResult:
        yield TranscriptView()


def wheel_up(view: TranscriptView) -> events.MouseScrollUp:
    """One notch of the wheel over the view."""
    return events.MouseScrollUp(view, 1, 1, 0, -1, 0, shift=False, meta=False, ctrl=False)


def row_at_top(view: TranscriptView) -> int:
    """The number in the text of the first row in view."""
    return int(view.lines[0].rsplit(" ", 1)[1])


@pytest.fixture(scope="module")
def long_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "sidebeat.sqlite"
    fill(path, (row("long", number, number, "assistant", f"row {number}") for number in range(ROW_COUNT)))
    return path


async def test_first_paint_and_jumps_read_less_than_two_hundred_rows(long_run: Path) -> None:
    with TranscriptPager(long_run) as pager:
        source = CountingPager(pager)
        async with OneTranscript().run_test(size=WIDE) as pilot:
            view = pilot.app.query_one(TranscriptView)
            view.show_rows(RunRows(source, "long").transcript())
            await pilot.pause()
            assert view.lines[-1].endswith(f"row {ROW_COUNT - 1}")
            assert source.rows_read < 200
            for jump in (view.go_to_start, lambda: view.move_pages(1), lambda: view.move_lines(3)):
                before = source.rows_read
                jump()
                await pilot.pause()
                assert source.rows_read - before < 200
            assert row_at_top(view) == 47


async def test_the_scrollbar_jumps_to_its_place(long_run: Path) -> None:
    with TranscriptPager(long_run) as pager:
        async with OneTranscript().run_test(size=WIDE) as pilot:
            view = pilot.app.query_one(TranscriptView)
            view.show_rows(RunRows(pager, "long").transcript())
            await pilot.pause()
            await pilot.click(view, offset=(view.size.width - 1, view.size.height // 2))
            assert abs(row_at_top(view) - ROW_COUNT / 2) < ROW_COUNT / view.size.height


async def test_the_wheel_scrolls_and_stops_following(long_run: Path) -> None:
    with TranscriptPager(long_run) as pager:
        async with OneTranscript().run_test(size=WIDE) as pilot:
            view = pilot.app.query_one(TranscriptView)
            view.show_rows(RunRows(pager, "long").transcript())
            await pilot.pause()
            end = row_at_top(view)
            view.post_message(wheel_up(view))
            await pilot.pause()
            assert row_at_top(view) < end
            assert not view.is_following


@pytest.mark.parametrize("no_color", [False, True])
async def test_no_color_is_honoured(long_run: Path, monkeypatch: pytest.MonkeyPatch, no_color: bool) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    with TranscriptPager(long_run) as pager:
        async with OneTranscript().run_test(size=WIDE) as pilot:
            view = pilot.app.query_one(TranscriptView)
            view.show_rows(RunRows(pager, "long").transcript())
            await pilot.pause()
            styles = [segment.style for strip in view.render_lines(view.size.region) for segment in strip]
    colors = {style.color.get_truecolor() for style in styles if style is not None and style.color is not None}
    has_hues = any(len(set(color)) > 1 for color in colors)
    assert has_hues != no_color


def test_a_file_that_cannot_be_read_is_told_in_the_row(tmp_path: Path) -> None:
    copy = tmp_path / "gone.sqlite"
    fill(copy, [row("run", 0, 0, "assistant", "text")])
    with TranscriptPager(copy) as pager:
        rows = RunRows(pager, "run").transcript()
        pager.close()
        laid_out = rows.lay_out(0, 80, False)
    assert laid_out is not None
    assert "✖" in laid_out.lines[0][0][1]
