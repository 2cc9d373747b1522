"""An issue as a line of the list, and as a thread to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, LiteralString

from console.ui.figures import run_state
from console.ui.layout import Cell, columns
from console.ui.run_words import duration, lane_name, moment, named, outcomes_differ, status_mark
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.documents import Document, ForeignText, Lines, Together
from store.records import AuthorKind, CommentRecord, IssueRecord, RunRecord

WIDE_FROM_CELLS: Final = 70

ISSUE_STATES: Final[dict[str, tuple[LiteralString, LiteralString]]] = {
    "backlog": ("○ backlog", "$text-muted"),
    "todo": ("○ todo", "$text-muted"),
    "in_progress": ("● in progress", "$primary"),
    "in_review": ("◐ in review", "$accent"),
    "blocked": ("✖ blocked", "$error"),
    "done": ("✔ done", "$success"),
    "cancelled": ("■ cancelled", "$warning"),
}

_AUTHORS: Final[dict[AuthorKind, tuple[LiteralString, LiteralString]]] = {
    "agent": ("◆ agent", "bold $primary"),
    "system": ("! system", "bold $warning"),
    "operator": ("» operator", "bold $success"),
}


@dataclass(frozen=True, slots=True)
class IssueWithRuns:
    """An issue, its newest runs first, and its comments."""

    issue: IssueRecord
    runs: tuple[RunRecord, ...] = ()
    comments: tuple[CommentRecord, ...] = ()
    assignee: str = ""


def issue_state(status: str) -> SafeText:
    """An issue's status as sign and word."""
    if status not in ISSUE_STATES:
        return foreign(status)
    text, style = ISSUE_STATES[status]
    return own(text, style)


def issue_line(found: IssueWithRuns, width_cells: int) -> SafeText:
    """The line of the list: identifier, state, the marks of its beats, title."""
    issue = found.issue
    wide = width_cells >= WIDE_FROM_CELLS
    marks = join([status_mark(run.status) for run in reversed(found.runs[:8])])
    rest = width_cells - 7 - 13 - 8 - 3
    return columns(
        [
            Cell(foreign(issue.identifier, "bold"), 7),
            Cell(issue_state(issue.status), 13),
            Cell(marks, 8),
            Cell(foreign(issue.title), rest - 21 if wide else rest),
            Cell(styled(foreign(found.assignee), "$text-muted"), 20 if wide else 0),
        ]
    )


def thread_document(found: IssueWithRuns) -> Document:
    """What is to do, who does it, the runs, the comments in order."""
    issue = found.issue
    facts = [
        issue_state(issue.status),
        named("assignee", foreign(found.assignee) or own("nobody")),
        named("scenario", foreign(issue.scenario)) if issue.scenario else EMPTY,
        named("checked out by run", foreign(issue.checkout_run_id[:8])) if issue.checkout_run_id else EMPTY,
    ]
    head = [join([foreign(issue.identifier, "bold"), foreign(issue.title, "bold")], "  "), join(facts, "   ")]
    described = [Lines([EMPTY]), ForeignText.of(issue.description)] if issue.description else []
    return Together([Lines(head), *described, *_runs(found.runs), *_comments(found.comments)])


def _runs(runs: Sequence[RunRecord]) -> Iterator[Document]:
    if not runs:
        return
    yield Lines([EMPTY, words("Runs ({n}), the newest first", "bold $secondary", n=len(runs))])
    yield Lines([_run_line(run) for run in runs])


def _run_line(run: RunRecord) -> SafeText:
    differs = own("≠", "bold $warning") if outcomes_differ(run) else own(" ")
    when = styled(moment(run.created_at), "$text-muted")
    beat = words("beat {k}", k=run.beat_index)
    place = join([lane_name(run.lane_index), foreign(run.runtime_key)], " ")
    took = styled(duration(run), "$text-muted")
    widths = ((when, 19), (beat, 7), (run_state(run.status), 13), (differs, 1), (place, 22), (took, 8))
    return columns([Cell(text, width) for text, width in widths])


def _comments(comments: Sequence[CommentRecord]) -> Iterator[Document]:
    counted = words("Comments ({n})", "bold $secondary", n=len(comments))
    yield Lines([EMPTY, counted if comments else own("No comments yet.", "$text-muted")])
    for comment in comments:
        text, style = _AUTHORS[comment.author_kind]
        source = [foreign(comment.author), moment(comment.created_at)]
        source.append(named("run", foreign(comment.run_id[:8])) if comment.run_id else EMPTY)
        head = join([own(text, style), styled(join(source, " · "), "$text-muted")], "  ")
        yield Together([Lines([head]), ForeignText.of(comment.body), Lines([EMPTY])])
