"""Whether a failed run shows that it failed, and why."""

from __future__ import annotations

from collections.abc import Sequence

from console.engine.quality.passages import SAID_KINDS
from console.engine.quality.result import ErrorVisibility, Place
from console.engine.quality.shown import ShownRow
from store.records import RunRecord

_FAILED = ("failed", "timed_out")
_OWN_JUDGEMENTS = ("expectation_failed", "off_script", "internal_error")
"""Codes of failures that nobody but the console, which has the scenario, can know of."""
_TELLING_CHARACTERS = 24


def error_visibility(
    run: RunRecord, upstream: Sequence[ShownRow], sidebeat: Sequence[ShownRow]
) -> ErrorVisibility | None:
    """None for a run that did not fail, and for one that only the console calls a failure.

    Paperclip shows a failed run's error above its transcript, so upstream's own verdict tells too, if it has a reason.
    """
    if run.status not in _FAILED or run.error_code in _OWN_JUDGEMENTS:
        return None
    reason = run.error_message or run.error_code or run.status
    return ErrorVisibility(
        reason=reason,
        upstream_status_tells=run.upstream_status in _FAILED,
        upstream_place=_error_place(upstream, reason),
        sidebeat_place=_error_place(sidebeat, reason),
    )


def _error_place(rows: Sequence[ShownRow], reason: str) -> Place | None:
    """The last row that is an error with a text, or that says the reason; a tool's failure is no run's failure."""
    wanted = " ".join(reason.split())[:_TELLING_CHARACTERS]
    for row in reversed(rows):
        record = row.record
        told = f"{record.title} {record.body}"
        is_error_row = record.kind in ("error", "result") and record.is_error and bool(told.strip())
        says_reason = record.kind not in SAID_KINDS and wanted in " ".join(told.split())
        if is_error_row or (says_reason and record.kind in ("stderr", "error", "result", "system")):
            return Place(record.row_no, record.entry_seq)
    return None
