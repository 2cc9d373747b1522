"""Upstream's entries as Paperclip's UI would show them, as `Rows` for a view."""

from __future__ import annotations

from collections.abc import Sequence

from console.ui.widgets.row_layout import LaidOut, lay_out_row
from console.ui.widgets.row_viewport import Rows
from store.records import TranscriptRowRecord


class UpstreamRows:
    """The rows of one page; a run that goes on gets a new page from time to time."""

    def __init__(self) -> None:
        self._records: tuple[TranscriptRowRecord, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is no page yet."""
        return not self._records

    def replace(self, records: Sequence[TranscriptRowRecord]) -> set[int]:
        """Another page; the numbers of the rows that are new or different."""
        before, self._records = self._records, tuple(records)
        together = range(max(len(before), len(self._records)))
        return {number for number in together if before[number : number + 1] != self._records[number : number + 1]}

    def rows(self) -> Rows:
        """The rows of the page, whichever it is when they are drawn."""

        def lay_out(number: int, width: int, expanded: bool) -> LaidOut | None:
            return lay_out_row(self._records[number], width, expanded=expanded) if number < len(self._records) else None

        return Rows(lambda: len(self._records), lay_out)
