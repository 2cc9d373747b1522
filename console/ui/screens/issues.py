"""The issues: how each stands, who works on it, and what was said on it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.widgets import OptionList

from console.engine.events import CommentPosted, EngineEvent, IssueChanged, RunChanged
from console.ui.engine_port import EnginePort
from console.ui.keys import Scope, bindings
from console.ui.modals.write import WriteModal
from console.ui.navigation import runs_of_issue
from console.ui.notices import tell
from console.ui.screens.base import ConsoleScreen
from console.ui.screens.issue_thread import IssueWithRuns, issue_line, thread_document
from console.ui.text import SafeText, foreign, join, own, words
from console.ui.widgets.document_view import DocumentView
from console.ui.widgets.documents import NO_DOCUMENT
from console.ui.widgets.item_list import Item, ItemList
from console.ui.widgets.words import Words
from store import StoreError
from store.records import RunRecord

BESIDE_FROM_CELLS: Final = 120
"""From this width on, the comments stand beside the issues, not below."""

_RUNS_READ: Final = 200


class IssuesRead(Message):
    """All issues were read, the newest first."""

    def __init__(self, issues: tuple[IssueWithRuns, ...]) -> None:
        super().__init__()
        self.issues = issues


class ThreadRead(Message):
    """The comments and runs of one issue were read."""

    def __init__(self, found: IssueWithRuns) -> None:
        super().__init__()
        self.found = found


class IssuesScreen(ConsoleScreen):
    """The list, and the thread of the issue under the cursor."""

    SCOPE: ClassVar[Scope] = "issues"
    BINDINGS: ClassVar = [*bindings("issues")]
    DEFAULT_CSS = """
    IssuesScreen Container { layout: vertical; height: 1fr; }
    IssuesScreen ItemList { height: 7; }
    IssuesScreen DocumentView { border-top: solid $panel-lighten-2; }
    IssuesScreen DocumentView:focus { border-top: solid $primary; }
    IssuesScreen.-beside Container { layout: horizontal; }
    IssuesScreen.-beside ItemList { width: 2fr; height: 1fr; }
    IssuesScreen.-beside DocumentView { width: 3fr; border-top: none; border-left: solid $panel-lighten-2; }
    IssuesScreen.-beside DocumentView:focus { border-top: none; border-left: solid $primary; }
    IssuesScreen .none { padding: 1 2; display: none; height: 1fr; }
    IssuesScreen.-none .none { display: block; }
    IssuesScreen.-none Container { display: none; }
    """

    def __init__(self, engine: EnginePort, issue_id: str | None = None) -> None:
        super().__init__(engine)
        self._first_issue_id = issue_id
        self._issues: dict[str, IssueWithRuns] = {}
        self._shown_id: str | None = None

    def compose_body(self) -> ComposeResult:
        """The issues, the thread, or that there is none."""
        with Container():
            yield ItemList()
            yield DocumentView()
        yield Words(own("No issue yet. Starting a beat on the lanes makes one.", "$text-muted"), classes="none")

    def on_mount(self) -> None:
        """Read all issues."""
        self._list.focus()
        self._read()

    def on_resize(self, event: events.Resize) -> None:
        """Beside or below."""
        self.set_class(event.size.width >= BESIDE_FROM_CELLS, "-beside")

    @property
    def _list(self) -> ItemList:
        return self.query_one(ItemList)

    @property
    def _thread(self) -> DocumentView:
        return self.query_one(DocumentView)

    def title_ends(self) -> tuple[SafeText, SafeText]:
        """The room, and how many issues there are."""
        left = join([own("Sidebeat", "bold $primary"), own("issues")], "  ")
        return left, words("{n} issues", n=len(self._issues))

    def is_available(self, action_id: str) -> bool:
        """Everything needs an issue."""
        if action_id in ("read_thread", "switch_pane", "comment", "open_issue_runs"):
            return bool(self._issues)
        return True

    def take_events(self, events: tuple[EngineEvent, ...]) -> None:
        """An issue, a run of it or its comments have changed."""
        for event in events:
            if isinstance(event, IssueChanged):
                known = self._issues.get(event.issue.id, IssueWithRuns(event.issue))
                self._issues = {event.issue.id: known, **self._issues}
                self._keep(replace(known, issue=event.issue))
            elif isinstance(event, CommentPosted) and event.comment.issue_id in self._issues:
                known = self._issues[event.comment.issue_id]
                others = [comment for comment in known.comments if comment.id != event.comment.id]
                self._keep(replace(known, comments=(*others, event.comment)))
            elif isinstance(event, RunChanged) and event.run.issue_id in self._issues:
                known = self._issues[event.run.issue_id]
                self._keep(replace(known, runs=_with_run(known.runs, event.run)))
        if any(isinstance(event, (IssueChanged, CommentPosted, RunChanged)) for event in events):
            self._draw()

    def _keep(self, found: IssueWithRuns) -> None:
        self._issues[found.issue.id] = found

    @work(exclusive=True, group="issues")
    async def _read(self) -> None:
        try:
            self.post_message(IssuesRead(await _read_issues(self.engine)))
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")

    @on(IssuesRead)
    def _show(self, message: IssuesRead) -> None:
        self._issues = {found.issue.id: found for found in message.issues}
        self._draw()
        if self._first_issue_id is not None:
            self._list.go_to(self._first_issue_id)
            self._first_issue_id = None

    def _draw(self) -> None:
        self.set_class(not self._issues, "-none")
        items = [Item(issue_id, partial(issue_line, found)) for issue_id, found in self._issues.items()]
        self._list.show_items(items)
        self._show_thread(keep_place=True)
        self.refresh_frame()

    def _show_thread(self, *, keep_place: bool) -> None:
        found = self._issues.get(self._shown_id or "")
        self._thread.show(thread_document(found) if found else NO_DOCUMENT, keep_place=keep_place)

    @on(OptionList.OptionHighlighted)
    def _choose(self, message: OptionList.OptionHighlighted) -> None:
        if message.option_id is not None and message.option_id != self._shown_id:
            self._shown_id = message.option_id
            self._show_thread(keep_place=False)
            self._read_thread(message.option_id)

    @work(exclusive=True, group="thread")
    async def _read_thread(self, issue_id: str) -> None:
        known = self._issues[issue_id]
        try:
            comments = tuple(await self.engine.queries.comments(issue_id))
            runs = tuple(await self.engine.queries.runs(issue_id=issue_id))
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")
            return
        self.post_message(ThreadRead(replace(known, comments=comments, runs=runs)))

    @on(ThreadRead)
    def _take_thread(self, message: ThreadRead) -> None:
        known = self._issues[message.found.issue.id]
        self._keep(replace(message.found, issue=known.issue))
        if message.found.issue.id == self._shown_id:
            self._show_thread(keep_place=False)

    @on(OptionList.OptionSelected)
    def action_read_thread(self) -> None:
        """Give the keys to the thread."""
        self._thread.focus()

    def action_switch_pane(self) -> None:
        """From the issues to the thread, or back."""
        (self._thread if self._list.has_focus else self._list).focus()

    def action_open_issue_runs(self) -> None:
        """Open the issue's runs."""
        if self._shown_id is not None:
            self.app.push_screen(runs_of_issue(self._shown_id, self.engine))

    @work
    async def action_comment(self) -> None:
        """Write a comment."""
        found = self._issues.get(self._shown_id or "")
        if found is None:
            return
        subject = join([foreign(found.issue.identifier), foreign(found.issue.title)], "  ")
        written = await self.app.push_screen_wait(WriteModal(own("Comment as the operator"), subject))
        if written is None:
            return
        try:
            comment = await self.engine.comment(found.issue.id, written.body)
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")
            return
        self.take_events((CommentPosted(comment),))
        self._thread.action_to_end()


def _with_run(runs: tuple[RunRecord, ...], run: RunRecord) -> tuple[RunRecord, ...]:
    if any(known.id == run.id for known in runs):
        return tuple(run if known.id == run.id else known for known in runs)
    return (run, *runs)


async def _read_issues(engine: EnginePort) -> tuple[IssueWithRuns, ...]:
    """The newest issue first; the marks of its beats come from the newest runs of all."""
    queries = engine.queries
    agents = {agent.id: agent.name for agent in await queries.agents()}
    runs: dict[str, list[RunRecord]] = {}
    for run in await queries.runs(limit=_RUNS_READ):
        runs.setdefault(run.issue_id, []).append(run)
    return tuple(
        IssueWithRuns(
            issue,
            tuple(runs.get(issue.id, ())),
            assignee=agents.get(issue.assignee_agent_id or "", issue.assignee_agent_id or ""),
        )
        for issue in reversed(await queries.issues())
    )
