"""Every metric of two runtimes, and the rows that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.timer import Timer
from textual.widgets import OptionList

from console.engine.events import EngineEvent, ExperimentChanged, MeasurementTaken
from console.engine.experiment.results import ExperimentResult
from console.engine.samples.files import SamplesNotWrittenError
from console.engine.samples.scope import ExperimentScope, MetricScope, ScopeReading, StoredScope, Subject
from console.ui.engine_port import EnginePort
from console.ui.keys import Scope, bindings
from console.ui.layout import stacked
from console.ui.messages import RunChosen
from console.ui.modals.document import DocumentModal
from console.ui.modals.picker import Choice, PickerModal
from console.ui.notices import tell
from console.ui.screens.base import ConsoleScreen
from console.ui.screens.experiment_reading import read_scope, read_stored_scopes
from console.ui.screens.metrics_details import details_page
from console.ui.screens.metrics_export import export_scope
from console.ui.screens.metrics_history import past_intervals, related_results
from console.ui.screens.metrics_items import MetricItem, Slice, list_heading, metric_items, slices
from console.ui.screens.metrics_measured import measured_page, runs_behind
from console.ui.screens.metrics_pairs import PairsScreen
from console.ui.screens.metrics_scopes import first_scope, scope_caveat, scope_choices, scope_words
from console.ui.screens.metrics_waterfall import WaterfallScreen
from console.ui.screens.metrics_words import arm_name
from console.ui.text import EMPTY, SafeText, fit, foreign, join, own, words
from console.ui.widgets.document_view import DocumentView
from console.ui.widgets.documents import NO_DOCUMENT, Document
from console.ui.widgets.item_list import ItemList
from console.ui.widgets.words import Words
from store import StoreError
from store.records import ExperimentRecord, MeasurementRecord

BESIDE_FROM_CELLS: Final = 120
"""From this width on, the details stand beside the metrics, not below."""

READ_AGAIN_AFTER_S: Final = 0.5
_LIST_CELLS: Final = 92
_MEMORY: Final = ("peak_pss_bytes", "peak_rss_bytes")


class ScopesRead(Message):
    """What can be looked at was read."""

    def __init__(self, experiments: Sequence[ExperimentRecord], stored: Sequence[StoredScope]) -> None:
        super().__init__()
        self.experiments, self.stored = tuple(experiments), tuple(stored)


class MetricsRead(Message):
    """A scope (None: there is none) and the measurements beside it were read."""

    def __init__(self, reading: ScopeReading | None, measurements: Sequence[MeasurementRecord]) -> None:
        super().__init__()
        self.reading, self.measurements = reading, tuple(measurements)


class HistoryRead(Message):
    """The results of experiments with the same runtimes were read."""

    def __init__(self, results: Sequence[ExperimentResult]) -> None:
        super().__init__()
        self.results = tuple(results)


class MetricsScreen(ConsoleScreen):
    """The metrics by group, and the one under the cursor in full."""

    SCOPE: ClassVar[Scope] = "metrics"
    BINDINGS: ClassVar = [*bindings("metrics")]
    DEFAULT_CSS = """
    MetricsScreen .scope { height: auto; padding: 0 1; background: $surface; }
    MetricsScreen .columns { height: 1; padding: 0 1; background: $surface; }
    MetricsScreen Container { layout: vertical; height: 1fr; }
    MetricsScreen ItemList { height: 2fr; }
    MetricsScreen DocumentView { height: 3fr; border-top: solid $panel-lighten-2; }
    MetricsScreen DocumentView:focus { border-top: solid $primary; }
    MetricsScreen.-beside Container { layout: horizontal; }
    MetricsScreen.-beside ItemList { width: 92; height: 1fr; }
    MetricsScreen.-beside DocumentView {
        width: 1fr; height: 1fr; border-top: none; border-left: solid $panel-lighten-2;
    }
    MetricsScreen.-beside DocumentView:focus { border-top: none; border-left: solid $primary; }
    MetricsScreen .none { padding: 1 2; display: none; height: 1fr; }
    MetricsScreen.-none .none { display: block; }
    MetricsScreen.-none Container, MetricsScreen.-none .columns, MetricsScreen.-none .scope { display: none; }
    """

    def __init__(self, engine: EnginePort, experiment_id: str | None = None) -> None:
        super().__init__(engine)
        self._scope: MetricScope | None = ExperimentScope(experiment_id) if experiment_id is not None else None
        self._choices: list[tuple[Choice, MetricScope]] = []
        self._reading: ScopeReading | None = None
        self._slice = Slice()
        self._measurements: tuple[MeasurementRecord, ...] = ()
        self._results: tuple[ExperimentResult, ...] = ()
        self._items: dict[str, MetricItem] = {}
        self._again: Timer | None = None
        self._is_read = False

    def compose_body(self) -> ComposeResult:
        """What is looked at, the metrics, the details; or that there is nothing."""
        yield Words(classes="scope")
        yield Words(classes="columns")
        with Container():
            yield ItemList()
            yield DocumentView()
        yield Words(_NONE, classes="none")

    def on_mount(self) -> None:
        """Read what there is to look at."""
        self._list.focus()
        self._read_scopes()

    def on_resize(self, event: events.Resize) -> None:
        """Beside or below; plots follow the width."""
        self.set_class(event.size.width >= BESIDE_FROM_CELLS, "-beside")
        self.call_after_refresh(self._draw)

    @property
    def _list(self) -> ItemList:
        return self.query_one(ItemList)

    @property
    def _details(self) -> DocumentView:
        return self.query_one(DocumentView)

    @property
    def _chosen(self) -> MetricItem | None:
        key = self._list.highlighted_key if self.is_mounted else None
        return self._items.get(key or "")

    def title_ends(self) -> tuple[SafeText, SafeText]:
        """The room, and how many experiments can be looked at."""
        left = join([own("Sidebeat", "bold $primary"), own("metrics")], "  ")
        return left, words("{n} scopes", n=len(self._choices)) if self._choices else EMPTY

    def is_available(self, action_id: str) -> bool:
        """What needs pairs, a choice, or a number under the cursor."""
        if action_id == "pick_scope":
            return bool(self._choices)
        if action_id == "pick_slice":
            return self._reading is not None and len(slices(self._reading)) > 1
        if action_id in ("open_waterfall", "open_memory"):
            return self._reading is not None and bool(self._reading.rows.measured_pairs)
        if action_id == "export":
            return self._scope is not None
        if action_id in ("open_chosen", "switch_pane", "read_details"):
            return bool(self._items)
        return True

    def take_events(self, events: tuple[EngineEvent, ...]) -> None:
        """The experiment has gone on, or something was measured."""
        if self._again is None and any(self._concerns(event) for event in events):
            self._again = self.set_timer(READ_AGAIN_AFTER_S, self._read)

    def _concerns(self, event: EngineEvent) -> bool:
        if isinstance(event, ExperimentChanged):
            return ExperimentScope(event.experiment.id) == self._scope
        return isinstance(event, MeasurementTaken)

    @work(exclusive=True, group="scopes")
    async def _read_scopes(self) -> None:
        try:
            queries = self.engine.queries
            self.post_message(
                ScopesRead(await queries.experiments(), await read_stored_scopes(self.engine.paths.database))
            )
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")

    @on(ScopesRead)
    def _take_scopes(self, message: ScopesRead) -> None:
        self._choices = scope_choices(message.experiments, message.stored)
        if self._scope is None:
            self._scope = first_scope(message.experiments, message.stored)
        self._read()

    @work(exclusive=True, group="read")
    async def _read(self) -> None:
        self._again = None
        queries, scope, database = self.engine.queries, self._scope, self.engine.paths.database
        try:
            reading = await read_scope(database, scope) if scope is not None else None
            self.post_message(MetricsRead(reading, await queries.latest_measurements()))
            if reading is not None:
                self.post_message(HistoryRead(await related_results(queries, database, reading)))
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")

    @on(MetricsRead)
    def _show(self, message: MetricsRead) -> None:
        self._reading, self._measurements, self._is_read = message.reading, message.measurements, True
        found = slices(message.reading) if message.reading is not None else ()
        if found and self._slice not in found:
            self._slice = found[0]
        self._draw()

    @on(HistoryRead)
    def _take_history(self, message: HistoryRead) -> None:
        self._results = message.results
        self._draw_details()

    def _draw(self) -> None:
        items = metric_items(self._reading, self._slice, self._measurements)
        self._items = {item.key: item for item in items}
        self.set_class(self._is_read and not items, "-none")
        width = max(20, self.size.width - 2)
        reading = self._reading
        lines = [scope_words(reading, self._slice), scope_caveat(reading)] if reading is not None else []
        self.query_one(".scope", Words).show(stacked([fit(line, width) for line in lines if line]))
        list_width = max(20, (min(_LIST_CELLS, width + 2) if self.has_class("-beside") else width + 2) - 3)
        self.query_one(".columns", Words).show(list_heading(reading, self._slice, list_width))
        self._list.show_items(items)
        self._draw_details()
        self.refresh_frame()

    def _draw_details(self) -> None:
        self._details.show(self._page(max(20, self._details.size.width - 3)), keep_place=True)

    def _page(self, width_cells: int) -> Document:
        item = self._chosen
        if item is None:
            return NO_DOCUMENT
        if item.subject is None:
            return measured_page(item.measured, width_cells)
        if self._reading is None:
            return NO_DOCUMENT
        past = past_intervals(self._results, item.subject, self._reading)
        return details_page(self._reading, item.subject, past, width_cells, is_tall=self.size.height >= 40)

    @on(OptionList.OptionHighlighted)
    def _follow_cursor(self) -> None:
        self._details.show(self._page(max(20, self._details.size.width - 3)))
        self.refresh_frame()

    @on(OptionList.OptionSelected)
    def _open(self) -> None:
        item = self._chosen
        if item is None:
            return
        if item.subject is not None:
            self._open_pairs(item.subject)
        elif any(runs_behind(record) for record in item.measured):
            self._pick_run(item.measured)
        else:
            self.action_read_details()

    @work
    async def _pick_run(self, measured: Sequence[MeasurementRecord]) -> None:
        """A number that was made of runs leads to each of them, and to what is stored of itself."""
        choices = [Choice("", own("samples and detail of the number itself"))]
        for record in measured:
            choices += [Choice(key, foreign(f"run {key[:8]}"), foreign(record.subject)) for key in runs_behind(record)]
        key = await self.app.push_screen_wait(PickerModal(own("What is behind the number"), choices))
        if key:
            self.post_message(RunChosen(key))
        elif key is not None:
            self.action_read_details()

    def _open_pairs(self, subject: Subject, *, shows_memory: bool = False) -> None:
        if self._reading is not None:
            screen = PairsScreen(
                self.engine, self._reading.scope, subject, reading=self._reading, shows_memory=shows_memory
            )
            self.app.push_screen(screen)

    def action_open_chosen(self) -> None:
        """As Enter in the list."""
        self._list.action_select()

    def action_switch_pane(self) -> None:
        """Metrics or details."""
        (self._list if self._details.has_focus else self._details).focus()

    def action_read_details(self) -> None:
        """The details over the whole screen."""
        item = self._chosen
        if item is not None:
            page = self._page(max(20, min(136, self.size.width - 10)))
            self.app.push_screen(DocumentModal(own("The number in full"), page))

    def action_open_waterfall(self) -> None:
        """The phases, A over B."""
        if self._reading is not None:
            self.app.push_screen(WaterfallScreen(self.engine, self._reading, self._slice))

    def action_open_memory(self) -> None:
        """Memory over time, pair by pair."""
        if self._reading is None:
            return
        known = {item.metric for item in self._reading.comparisons}
        metric = next((name for name in _MEMORY if name in known), _MEMORY[0])
        chosen = self._slice
        subject = Subject(metric, "bytes", "Memory", chosen.candidate_arm, chosen.scenario, chosen.beat_index)
        self._open_pairs(subject, shows_memory=True)

    @work
    async def action_pick_scope(self) -> None:
        """Choose an experiment, or all runs of two runtimes."""
        current = next((choice.key for choice, scope in self._choices if scope == self._scope), None)
        picker = PickerModal(own("Metrics of what?"), [choice for choice, _ in self._choices], current=current)
        key = await self.app.push_screen_wait(picker)
        chosen = next((scope for choice, scope in self._choices if choice.key == key), None)
        if chosen is not None and chosen != self._scope:
            self._scope, self._slice, self._results = chosen, Slice(), ()
            self._read()

    @work
    async def action_pick_slice(self) -> None:
        """Choose the beat, the scenario and the runtimes."""
        reading = self._reading
        if reading is None:
            return
        found = slices(reading)
        choices = [Choice(str(number), self._slice_words(reading, item)) for number, item in enumerate(found)]
        current = str(found.index(self._slice)) if self._slice in found else None
        key = await self.app.push_screen_wait(PickerModal(own("Which beat?"), choices, current=current))
        if key is not None:
            self._slice = found[int(key)]
            self._draw()

    def _slice_words(self, reading: ScopeReading, item: Slice) -> SafeText:
        key = reading.rows.runtime_keys[item.candidate_arm]
        scenario = foreign(item.scenario) if item.scenario is not None else own("over all scenarios")
        arm = join([arm_name(item.candidate_arm), foreign(key)], " ")
        return join([words("beat {k}", k=item.beat_index), scenario, arm], " · ")

    @work(exclusive=True, group="export")
    async def action_export(self) -> None:
        """Write the scope's numbers beside the database."""
        scope = self._scope
        if scope is None:
            return
        try:
            paths = await export_scope(self.engine, scope)
        except (SamplesNotWrittenError, StoreError) as error:
            tell(self.app, foreign(str(error)), severity="error")
            return
        tell(self.app, join([own("Wrote"), *(foreign(str(path)) for path in paths)], " "))


_NONE: Final = own(
    "No number yet.\n\nAn experiment (e, then n) gives paired numbers with intervals and verdicts; beats that were "
    "started in two lanes at once are looked at as pairs, without a verdict."
)
