"""Paired experiments: what was planned, how far each has come, and what its pairs say."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from functools import partial
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import OptionList

from console.engine.events import EngineEvent, ExperimentChanged
from console.engine.experiment.results import ExperimentResult
from console.engine.launches import RefusedOrder
from console.ui.engine_port import EnginePort
from console.ui.keys import Scope, bindings
from console.ui.messages import RunChosen
from console.ui.modals.confirm import ConfirmModal
from console.ui.notices import tell
from console.ui.screens.base import ConsoleScreen
from console.ui.screens.experiment_form import ExperimentFormModal
from console.ui.screens.experiment_items import ResultItem, heading, result_items
from console.ui.screens.experiment_lines import experiment_head, experiment_line
from console.ui.screens.experiment_margin import ask_for_margin
from console.ui.screens.experiment_reading import load_statistics, overhead_lines, read_result
from console.ui.text import SafeText, foreign, join, own, words
from console.ui.widgets.item_list import Item, ItemList
from console.ui.widgets.words import Words
from store import StoreError
from store.records import ExperimentMarginRecord, ExperimentRecord

READ_AGAIN_AFTER_S: Final = 0.5
"""Results are read at most so often while an experiment runs."""

_ENDED: Final = ("finished", "stopped")


class ExperimentsRead(Message):
    """All experiments were read, the newest first."""

    def __init__(self, experiments: tuple[ExperimentRecord, ...]) -> None:
        super().__init__()
        self.experiments = experiments


class ResultRead(Message):
    """What is known of one experiment was read."""

    def __init__(
        self, result: ExperimentResult, margins: Sequence[ExperimentMarginRecord], overheads: tuple[SafeText, ...]
    ) -> None:
        super().__init__()
        self.result, self.margins, self.overheads = result, tuple(margins), overheads


class ExperimentsScreen(ConsoleScreen):
    """The list, and the results of the experiment under the cursor."""

    SCOPE: ClassVar[Scope] = "experiments"
    BINDINGS: ClassVar = [*bindings("experiments")]
    DEFAULT_CSS = """
    ExperimentsScreen #experiments { height: auto; max-height: 5; }
    ExperimentsScreen.-tall #experiments { max-height: 10; }
    ExperimentsScreen .head { height: auto; max-height: 5; padding: 0 1; background: $surface; }
    ExperimentsScreen .columns { height: auto; padding: 0 1; }
    ExperimentsScreen .panes { height: 1fr; }
    ExperimentsScreen .none { padding: 1 2; display: none; height: 1fr; }
    ExperimentsScreen.-none .none { display: block; }
    ExperimentsScreen.-none .panes { display: none; }
    """

    def __init__(self, engine: EnginePort, experiment_id: str | None = None) -> None:
        super().__init__(engine)
        self._first_id = experiment_id
        self._experiments: dict[str, ExperimentRecord] = {}
        self._results: dict[str, ExperimentResult] = {}
        self._margins: dict[str, tuple[ExperimentMarginRecord, ...]] = {}
        self._overheads: tuple[SafeText, ...] = ()
        self._shown_id: str | None = None
        self._again: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """The experiments, what is compared, the results; or that there is none."""
        with Vertical(classes="panes"):
            yield ItemList(id="experiments")
            yield Words(classes="head")
            yield Words(classes="columns")
            yield ItemList(id="results")
        yield Words(_NONE, classes="none")

    def on_mount(self) -> None:
        """Read all experiments."""
        self._list.focus()
        self._read()

    def on_resize(self) -> None:
        """The head follows the width, the list the height."""
        self.set_class(self.size.height >= 40, "-tall")
        self.call_after_refresh(self._draw_head)

    @property
    def _list(self) -> ItemList:
        return self.query_one("#experiments", ItemList)

    @property
    def _items(self) -> ItemList:
        return self.query_one("#results", ItemList)

    @property
    def _chosen(self) -> ExperimentRecord | None:
        return self._experiments.get(self._shown_id or "")

    @property
    def _result(self) -> ExperimentResult | None:
        return self._results.get(self._shown_id or "")

    def title_ends(self) -> tuple[SafeText, SafeText]:
        """The room, and how many experiments there are."""
        left = join([own("Sidebeat", "bold $primary"), own("experiments")], "  ")
        return left, words("{n} experiments", n=len(self._experiments))

    def is_available(self, action_id: str) -> bool:
        """What the chosen experiment's state allows."""
        chosen = self._chosen
        if action_id == "new_experiment":
            return True
        if chosen is None:
            return action_id not in _NEED_AN_EXPERIMENT
        if action_id == "start":
            return chosen.state == "planned"
        if action_id == "pause_or_resume":
            return chosen.state in ("running", "paused")
        if action_id == "stop":
            return chosen.state not in _ENDED
        if action_id == "change_margin":
            return self._result is not None
        return True

    def take_events(self, events: tuple[EngineEvent, ...]) -> None:
        """An experiment is new, or has gone on."""
        changed = {event.experiment.id: event.experiment for event in events if isinstance(event, ExperimentChanged)}
        if not changed:
            return
        new = {key: record for key, record in changed.items() if key not in self._experiments}
        self._experiments = {**new, **self._experiments, **{key: changed[key] for key in changed if key not in new}}
        for key in changed:
            if key in self._results and changed[key].state in _ENDED:
                del self._results[key]
        self._draw_list()
        self._read_soon()

    def _read_soon(self) -> None:
        """Results are read from committed rows, which follow their event."""
        if self._again is None:
            self._again = self.set_timer(READ_AGAIN_AFTER_S, self._read_results)

    @work(exclusive=True, group="experiments")
    async def _read(self) -> None:
        try:
            self.post_message(ExperimentsRead(tuple(await self.engine.queries.experiments())))
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")

    @on(ExperimentsRead)
    def _show(self, message: ExperimentsRead) -> None:
        self._experiments = {record.id: record for record in message.experiments}
        self._draw_list()
        if self._first_id is not None:
            self._list.go_to(self._first_id)
        self._read_results()

    @work(exclusive=True, group="results")
    async def _read_results(self) -> None:
        """The chosen one first, then those that are not known as they ended."""
        self._again = None
        known = [key for key, result in self._results.items() if result.experiment.state in _ENDED]
        wanted = [key for key in self._experiments if key not in known]
        wanted.sort(key=lambda key: key != self._shown_id)
        try:
            overheads = tuple(overhead_lines(await self.engine.queries.latest_measurements()))
            for experiment_id in wanted:
                result = await read_result(self.engine.paths.database, experiment_id)
                if result is not None:
                    margins = await self.engine.queries.experiment_margins(experiment_id)
                    self.post_message(ResultRead(result, margins, overheads))
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")

    @on(ResultRead)
    def _take_result(self, message: ResultRead) -> None:
        record = message.result.experiment
        self._results[record.id], self._margins[record.id] = message.result, message.margins
        self._overheads = message.overheads
        self._experiments[record.id] = record
        self._draw_list()
        if record.id == self._shown_id:
            self._draw_result()

    def _draw_list(self) -> None:
        self.set_class(not self._experiments, "-none")
        self._list.show_items(
            [
                Item(key, partial(experiment_line, record, self._results.get(key)))
                for key, record in self._experiments.items()
            ]
        )
        self.refresh_frame()

    def _draw_head(self) -> None:
        result = self._result
        if result is not None:
            self.query_one(".head", Words).show(
                experiment_head(result, self._margins[result.experiment.id], max(20, self.size.width - 2))
            )
            self.query_one(".columns", Words).show(heading(result, max(20, self.size.width - 3)))

    def _draw_result(self) -> None:
        self._draw_head()
        self._items.show_items(self._result_items())
        self.refresh_frame()

    def _result_items(self) -> tuple[ResultItem, ...]:
        result = self._result
        return result_items(result, self._margins[result.experiment.id], self._overheads) if result is not None else ()

    @on(OptionList.OptionHighlighted, "#experiments")
    def _show_chosen(self, message: OptionList.OptionHighlighted) -> None:
        if message.option_id == self._shown_id:
            return
        self._shown_id = message.option_id
        self._draw_result()

    @on(OptionList.OptionSelected, "#experiments")
    def _go_to_results(self) -> None:
        self._items.focus()

    @on(OptionList.OptionSelected, "#results")
    def _open_rows(self, message: OptionList.OptionSelected) -> None:
        result = self._result
        if result is None:
            return
        items = {item.key: item for item in self._result_items()}
        item = items.get(message.option_id or "")
        if item is not None:
            self._open_item(item, result)

    def _open_item(self, item: ResultItem, result: ExperimentResult) -> None:
        if item.run_id is not None:
            self.post_message(RunChosen(item.run_id))
        elif item.comparison is not None:
            from console.ui.screens.metrics_pairs import PairsScreen

            self.app.push_screen(PairsScreen.of_experiment(self.engine, result.experiment.id, item.comparison))
        elif item.key.startswith("success:"):
            from console.ui.screens.metrics_pairs import PairsScreen

            arm_index = int(item.key.removeprefix("success:"))
            self.app.push_screen(PairsScreen.of_outcomes(self.engine, result.experiment.id, arm_index))

    def action_open_chosen(self) -> None:
        """As Enter in the list that has the cursor."""
        (self._items if self._items.has_focus else self._list).action_select()

    def action_switch_pane(self) -> None:
        """The other list."""
        (self._list if self._items.has_focus else self._items).focus()

    def action_open_its_metrics(self) -> None:
        """Open the metrics of the chosen experiment."""
        if self._shown_id is not None:
            from console.ui.screens.metrics import MetricsScreen

            self.app.push_screen(MetricsScreen(self.engine, self._shown_id))

    @work
    async def action_new_experiment(self) -> None:
        """Plan an experiment."""
        form = ExperimentFormModal(
            self.engine, 1 + max((item.number for item in self._experiments.values()), default=0)
        )
        orders = await self.app.push_screen_wait(form) or ()
        if orders:
            await load_statistics()
        for order in orders:
            try:
                planned = await self.engine.experiments.plan(order)
            except RefusedOrder as refusal:
                tell(self.app, foreign(str(refusal)), severity="error")
                return
            tell(self.app, words("Experiment {n} is planned: s starts it.", n=planned.number))
            self._read()

    @work
    async def action_start(self) -> None:
        """Start the planned experiment."""
        if self._shown_id is not None:
            await self._order(self.engine.experiments.start(self._shown_id))

    @work
    async def action_pause_or_resume(self) -> None:
        """Pause what runs, or go on."""
        chosen = self._chosen
        if chosen is None:
            return
        experiments = self.engine.experiments
        await self._order(experiments.pause(chosen.id) if chosen.state == "running" else experiments.resume(chosen.id))

    @work
    async def action_stop(self) -> None:
        """End it, after asking."""
        chosen = self._chosen
        if chosen is None:
            return
        question = words("End experiment {n} for good?", n=chosen.number)
        detail = own("The pairs that have finished stay, and their results with them. It cannot be started again.")
        if await self.app.push_screen_wait(ConfirmModal(question, (detail,), yes=own("end it"), no=own("leave it"))):
            await self._order(self.engine.experiments.stop(chosen.id))

    @work
    async def action_change_margin(self) -> None:
        """Another margin, for a reason."""
        result = self._result
        if result is None:
            return
        highlighted = self._items.highlighted_key if self._items.has_focus else None
        change = await ask_for_margin(self.app, result, self._margins[result.experiment.id], highlighted)
        if change is not None:
            experiments = self.engine.experiments
            await self._order(experiments.set_margin(result.experiment.id, change.metric, change.ratio, change.reason))

    async def _order(self, order: Awaitable[object]) -> None:
        try:
            await order
        except (RefusedOrder, StoreError) as error:
            tell(self.app, foreign(str(error)), severity="error")
            return
        self._results.pop(self._shown_id or "", None)
        self._read()


_NEED_AN_EXPERIMENT: Final = frozenset(
    ("open_chosen", "switch_pane", "open_its_metrics", "start", "pause_or_resume", "stop", "change_margin")
)
_NONE: Final = own(
    "No experiment yet.\n\nn plans one: two runtimes or more run the same scripted heartbeat in turns (A B, B A), "
    "and their ratio is told with an interval.\nBegin with a self-check, a runtime against itself: no verdict is "
    "shown until it says “no difference”."
)
