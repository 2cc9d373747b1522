"""The history of runs, the newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar, Final, cast, get_args

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input, OptionList

from console.engine.events import EngineEvent, RunChanged
from console.ui.engine_port import EnginePort
from console.ui.keys import Scope, bindings
from console.ui.messages import RunChosen
from console.ui.modals.picker import Choice, PickerModal
from console.ui.notices import tell
from console.ui.screens.base import ConsoleScreen
from console.ui.screens.run_line import RunLine, heading_line, run_line
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.item_list import Item, ItemList
from console.ui.widgets.search_line import SearchLine
from console.ui.widgets.words import Words
from store import StoreError
from store.queries import Queries
from store.records import RunRecord, RunStatus

PAGE_RUNS: Final = 100
_NEAR_THE_END: Final = 20
_EVERY: Final = "*"


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs are shown; None means all."""

    runtime_key: str | None = None
    scenario: str | None = None
    status: RunStatus | None = None
    issue_id: str | None = None
    words: tuple[str, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return self != RunFilter()

    def takes(self, run: RunRecord) -> bool:
        """Whether a run is among them, its words aside."""
        wanted = (
            (self.runtime_key, run.runtime_key),
            (self.scenario, run.scenario),
            (self.status, run.status),
            (self.issue_id, run.issue_id),
        )
        return all(value in (None, found) for value, found in wanted)


class PageRead(Message):
    """Some runs were read; `next_offset` is None when there are no more."""

    def __init__(self, chosen: RunFilter, lines: Sequence[RunLine], next_offset: int | None, first: bool) -> None:
        super().__init__()
        self.chosen, self.lines, self.next_offset, self.first = chosen, tuple(lines), next_offset, first


class RunsScreen(ConsoleScreen):
    """All runs, or those of one issue; live ones change as they go on."""

    SCOPE: ClassVar[Scope] = "runs"
    BINDINGS: ClassVar = [*bindings("runs")]
    DEFAULT_CSS = """
    RunsScreen .filters, RunsScreen .columns { height: 1; padding: 0 1; background: $surface; }
    RunsScreen .none { padding: 1 2; display: none; height: 1fr; }
    RunsScreen.-none .none { display: block; }
    RunsScreen.-none ItemList { display: none; }
    """

    def __init__(self, engine: EnginePort, *, issue_id: str | None = None) -> None:
        super().__init__(engine)
        self._first_filter = RunFilter(issue_id=issue_id)
        self._filter = self._first_filter
        self._lines: list[RunLine] = []
        self._next_offset: int | None = None
        self._is_reading = False
        self._issues: dict[str, str] = {}

    def compose_body(self) -> ComposeResult:
        """What is chosen, the names of the columns, the runs."""
        yield Words(classes="filters")
        yield SearchLine()
        yield Words(classes="columns")
        yield ItemList()
        yield Words(classes="none")

    def on_mount(self) -> None:
        """Read the first page."""
        self._list.focus()
        self._read_first()

    def on_resize(self) -> None:
        """The columns follow the width."""
        self.query_one(".columns", Words).show(heading_line(max(20, self.size.width - 3)))

    @property
    def _list(self) -> ItemList:
        return self.query_one(ItemList)

    def title_ends(self) -> tuple[SafeText, SafeText]:
        """The room, and how many runs are shown."""
        left = join([own("Sidebeat", "bold $primary"), own("runs")], "  ")
        if not self._lines:
            return left, EMPTY
        shown = words("{n} shown", n=len(self._lines))
        return left, join([shown, own("more below", "$text-muted") if self._next_offset else EMPTY], " · ")

    def is_available(self, action_id: str) -> bool:
        """A run can be opened when there is one."""
        if action_id == "open_chosen":
            return bool(self._lines)
        return action_id != "show_all" or self._filter.narrows

    def take_events(self, events: tuple[EngineEvent, ...]) -> None:
        """A run has changed, or is new."""
        changed = {event.run.id: event.run for event in events if isinstance(event, RunChanged)}
        if changed:
            self._take_runs(changed)

    @work(exclusive=True, group="changed")
    async def _take_runs(self, changed: dict[str, RunRecord]) -> None:
        if any(run.issue_id not in self._issues for run in changed.values()):
            self._issues = await _identifiers(self.engine.queries)
        known = {line.run_id for line in self._lines}
        lines = [self._line_of(changed[line.run_id]) if line.run_id in changed else line for line in self._lines]
        new = [self._line_of(run) for run in changed.values() if run.id not in known and self._filter.takes(run)]
        self._lines = [*(line for line in reversed(new) if line.has(self._filter.words)), *lines]
        self._show_lines()

    def _line_of(self, run: RunRecord) -> RunLine:
        return RunLine.of(run, self._issues.get(run.issue_id, run.issue_id[:7]))

    def _read_first(self) -> None:
        self._read(self._filter, 0)

    @work(exclusive=True, group="read")
    async def _read(self, chosen: RunFilter, offset: int) -> None:
        self._is_reading = True
        try:
            self._issues = await _identifiers(self.engine.queries)
            found, next_offset = await self._page(chosen, offset)
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")
            return
        finally:
            self._is_reading = False
        self.post_message(PageRead(chosen, found, next_offset, first=offset == 0))

    async def _page(self, chosen: RunFilter, offset: int) -> tuple[list[RunLine], int | None]:
        """At least a page of lines with the words looked for, or all there are."""
        found: list[RunLine] = []
        while True:
            runs = await self.engine.queries.runs(
                runtime_key=chosen.runtime_key,
                scenario=chosen.scenario,
                issue_id=chosen.issue_id,
                status=chosen.status,
                limit=PAGE_RUNS,
                offset=offset,
            )
            found += [line for line in map(self._line_of, runs) if line.has(chosen.words)]
            offset += len(runs)
            if len(runs) < PAGE_RUNS:
                return found, None
            if len(found) >= PAGE_RUNS:
                return found, offset

    @on(PageRead)
    def _show_page(self, message: PageRead) -> None:
        if message.chosen != self._filter:
            return
        known = {line.run_id for line in self._lines if not message.first}
        new = [line for line in message.lines if line.run_id not in known]
        self._next_offset = message.next_offset
        if message.first:
            self._lines = new
            self._show_lines()
        else:
            self._lines += new
            self._list.append_items([_item(line) for line in new])
            self.refresh_frame()

    def _show_lines(self) -> None:
        self._list.show_items([_item(line) for line in self._lines])
        self.set_class(not self._lines, "-none")
        none = own("No run matches. x shows all runs again.") if self._filter.narrows else _NONE_YET
        self.query_one(".none", Words).show(none)
        self.query_one(".filters", Words).show(self._filter_words())
        self.refresh_frame()

    def _filter_words(self) -> SafeText:
        chosen = self._filter
        issue = self._issues.get(chosen.issue_id or "", chosen.issue_id)
        named = (
            (own("runtime"), chosen.runtime_key),
            (own("scenario"), chosen.scenario),
            (own("outcome"), chosen.status),
            (own("issue"), issue),
            (own("words"), " ".join(chosen.words) or None),
        )
        parts = [join([styled(name, "$text-muted"), foreign(value, "bold")], " ") for name, value in named if value]
        return join(parts, "   ") if parts else own("all runs, the newest first", "$text-muted")

    def _narrow(self, chosen: RunFilter) -> None:
        if chosen == self._filter:
            return
        self._filter = chosen
        self.query_one(".filters", Words).show(self._filter_words())
        self._read_first()

    @on(OptionList.OptionHighlighted)
    def _read_on(self, message: OptionList.OptionHighlighted) -> None:
        near = message.option_index >= len(self._lines) - _NEAR_THE_END
        if near and self._next_offset is not None and not self._is_reading:
            self._read(self._filter, self._next_offset)

    @on(OptionList.OptionSelected)
    def _open(self, message: OptionList.OptionSelected) -> None:
        if message.option_id is not None:
            self.post_message(RunChosen(message.option_id))

    @on(Input.Changed)
    def _search_for(self, message: Input.Changed) -> None:
        self._narrow(replace(self._filter, words=tuple(message.value.casefold().split())))

    @on(SearchLine.Left)
    def _back_to_list(self) -> None:
        self._list.focus()

    def action_open_chosen(self) -> None:
        """As Enter in the list."""
        self._list.action_select()

    def action_search(self) -> None:
        """Type what to look for."""
        self.query_one(SearchLine).ask()

    def action_show_all(self) -> None:
        """Narrow nothing down."""
        self.query_one(SearchLine).clear_and_hide()
        self._narrow(RunFilter())

    @work
    async def action_pick_runtime(self) -> None:
        """Choose a runtime."""
        runtimes = await self.engine.queries.runtimes()
        choices = [Choice(item.key, foreign(item.key), foreign(item.title)) for item in runtimes]
        key = await self._pick(own("Runs of which runtime?"), choices, self._filter.runtime_key)
        if key is not None:
            self._narrow(replace(self._filter, runtime_key=None if key == _EVERY else key))

    @work
    async def action_pick_scenario(self) -> None:
        """Choose a scenario."""
        scenarios = self.engine.scenarios.scenarios.values()
        choices = [Choice(item.name, foreign(item.name), foreign(item.title)) for item in scenarios]
        key = await self._pick(own("Runs of which scenario?"), choices, self._filter.scenario)
        if key is not None:
            self._narrow(replace(self._filter, scenario=None if key == _EVERY else key))

    @work
    async def action_pick_status(self) -> None:
        """Choose an outcome."""
        choices = [Choice(status, foreign(status.replace("_", " "))) for status in get_args(RunStatus)]
        key = await self._pick(own("Runs that ended how?"), choices, self._filter.status)
        if key is not None:
            status = None if key == _EVERY else cast("RunStatus", key)
            self._narrow(replace(self._filter, status=status))

    async def _pick(self, title: SafeText, choices: Sequence[Choice], current: str | None) -> str | None:
        every = Choice(_EVERY, own("all"))
        return await self.app.push_screen_wait(PickerModal(title, [every, *choices], current=current or _EVERY))


async def _identifiers(queries: Queries) -> dict[str, str]:
    return {issue.id: issue.identifier for issue in await queries.issues()}


def _item(line: RunLine) -> Item:
    return Item(line.run_id, partial(run_line, line))


_NONE_YET: Final = join(
    [own("No run yet."), own("Esc goes back to the lanes; s starts a beat there.", "$text-muted")], "\n\n"
)
