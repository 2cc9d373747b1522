"""The diff of two model requests over the whole screen."""

from __future__ import annotations

import asyncio

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from console.engine.resume.judging import last_request_before
from console.engine.resume.request_diff import RequestDiff, diff_requests
from console.ui.request_diff import request_diff_document
from console.ui.text import SafeText, foreign, own, styled, words
from console.ui.widgets.document_view import DocumentView
from console.ui.widgets.words import Words
from store import Queries
from store.records import ModelRequestRecord, RunRecord


async def diff_with_beat_before(queries: Queries, run: RunRecord, ordinal: int) -> RequestDiffModal | None:
    """One request of a run against the last of the beat before; None when there is none. Raises StoreError."""
    after = await queries.model_request(run.id, ordinal)
    found = await last_request_before(queries, run)
    if after is None or found is None:
        return None
    earlier, before = found
    diff = await asyncio.to_thread(diff_requests, before, after)
    title = words("What request {n} of beat {k} told the model", n=ordinal + 1, k=run.beat_index)
    return RequestDiffModal(title, diff, _name(earlier, before), _name(run, after))


def _name(run: RunRecord, request: ModelRequestRecord) -> SafeText:
    return words("beat {k}, request {n}, run {id}", k=run.beat_index, n=request.ordinal + 1, id=foreign(run.id[:8]))


class RequestDiffModal(ModalScreen[None]):
    """`before` and `after` name the two requests. `f` shows in full what was kept; Escape closes."""

    BINDINGS = [("escape,q,enter,equals_sign", "close"), ("f", "show_all")]  # noqa: RUF012  (as Textual declares it)
    DEFAULT_CSS = """
    RequestDiffModal { align: center middle; background: $background 60%; }
    RequestDiffModal > Vertical {
        width: 98%; height: 96%; max-width: 160; padding: 0 1; background: $surface; border: round $primary;
    }
    RequestDiffModal Words { height: 1; padding: 0 1; }
    RequestDiffModal .keys { color: $text-muted; }
    """

    def __init__(self, title: SafeText, diff: RequestDiff, before: SafeText, after: SafeText) -> None:
        super().__init__()
        self._title, self._diff, self._before, self._after = title, diff, before, after
        self._in_full = False

    def compose(self) -> ComposeResult:
        """The title, the diff, the keys."""
        with Vertical():
            yield Words(styled(self._title, "bold"))
            yield DocumentView(request_diff_document(self._diff, self._before, self._after))
            yield Words(own("↑↓ PgUp PgDn move   g first   G last   f in full   Esc close"), classes="keys")

    def on_mount(self) -> None:
        """Keys go to the diff."""
        self.query_one(DocumentView).focus()

    def action_show_all(self) -> None:
        """What was kept in full, or by its first line."""
        self._in_full = not self._in_full
        document = request_diff_document(self._diff, self._before, self._after, in_full=self._in_full)
        self.query_one(DocumentView).show(document)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
