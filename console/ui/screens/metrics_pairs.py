"""The pairs behind a number: each side of each pair leads to its run."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import OptionList

from console.engine.experiment.results import Comparison
from console.engine.samples.scope import ExperimentScope, MetricScope, PairRow, PairSide, ScopeReading, Subject
from console.ui.engine_port import EnginePort
from console.ui.keys import Scope, bindings
from console.ui.layout import stacked
from console.ui.messages import RunChosen
from console.ui.notices import tell
from console.ui.screens.base import ConsoleScreen
from console.ui.screens.experiment_reading import read_scope
from console.ui.screens.metrics_memory import MemoryOfPair, memory_plot, read_memory
from console.ui.screens.metrics_pair_lines import pair_heading, pair_line
from console.ui.screens.metrics_plots import both_strips
from console.ui.screens.metrics_words import arm_name
from console.ui.text import EMPTY, SafeText, foreign, join, own, words
from console.ui.widgets.item_list import Item, ItemList
from console.ui.widgets.words import Words
from store import StoreError


class PairsRead(Message):
    """The scope was read; None: its experiment is gone."""

    def __init__(self, reading: ScopeReading | None) -> None:
        super().__init__()
        self.reading = reading


class MemoryRead(Message):
    """The process samples of a pair were read."""

    def __init__(self, memory: MemoryOfPair) -> None:
        super().__init__()
        self.memory = memory


class PairsScreen(ConsoleScreen):
    """A line for each pair; above them every value as a dot, or memory over time of the pair under the cursor."""

    SCOPE: ClassVar[Scope] = "pairs"
    BINDINGS: ClassVar = [*bindings("pairs")]
    DEFAULT_CSS = """
    PairsScreen .plot { height: auto; padding: 0 1; }
    PairsScreen .columns { height: 1; padding: 0 1; background: $surface; }
    """

    def __init__(
        self,
        engine: EnginePort,
        scope: MetricScope,
        subject: Subject,
        *,
        reading: ScopeReading | None = None,
        shows_memory: bool = False,
        side: int = 0,
    ) -> None:
        super().__init__(engine)
        self._scope, self._subject, self._reading = scope, subject, reading
        self._shows_memory, self._side = shows_memory, side
        self._memory: MemoryOfPair | None = None

    @classmethod
    def of_experiment(cls, engine: EnginePort, experiment_id: str, comparison: Comparison) -> PairsScreen:
        """The pairs behind one comparison of an experiment."""
        return cls(engine, ExperimentScope(experiment_id), Subject.of(comparison))

    @classmethod
    def of_outcomes(cls, engine: EnginePort, experiment_id: str, arm_index: int) -> PairsScreen:
        """How the first beats of an arm's trials ended, beside those of the baseline."""
        subject = Subject("succeeded", "share", "Outcome", candidate_arm=max(1, arm_index))
        return cls(engine, ExperimentScope(experiment_id), subject, side=min(1, arm_index))

    def compose_body(self) -> ComposeResult:
        """The plot, the names of the columns, the pairs."""
        yield Words(classes="plot")
        yield Words(classes="columns")
        yield ItemList()

    def on_mount(self) -> None:
        """Show what is known already, or read it."""
        self._list.focus()
        if self._reading is None:
            self._read()
        else:
            self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """Plot and columns follow the width."""
        self.call_after_refresh(self._draw)

    @property
    def _list(self) -> ItemList:
        return self.query_one(ItemList)

    @property
    def _width(self) -> int:
        return max(20, self.size.width - 3)

    def title_ends(self) -> tuple[SafeText, SafeText]:
        """The metric, and where its pairs are from."""
        left = [own("Sidebeat", "bold $primary"), own("memory over time") if self._shows_memory else own("pairs of")]
        if not self._shows_memory:
            left.append(foreign(self._subject.title, "bold"))
        subject = self._subject
        where = [foreign(subject.scenario) if subject.scenario else EMPTY, words("beat {k}", k=subject.beat_index)]
        count = words("{n} pairs", n=len(self._pairs)) if self._reading is not None else EMPTY
        return join(left, "  "), join([*where, count], " · ")

    def is_available(self, action_id: str) -> bool:
        """Sides need pairs."""
        return bool(self._pairs) or action_id not in ("open_side", "mark_side")

    @property
    def _pairs(self) -> tuple[PairRow, ...]:
        return self._reading.pairs(self._subject) if self._reading is not None else ()

    @property
    def _chosen(self) -> PairRow | None:
        key = self._list.highlighted_key if self.is_mounted else None
        return next((pair for pair in self._pairs if str(pair.pair_no) == key), None)

    @work(exclusive=True, group="scope")
    async def _read(self) -> None:
        try:
            self.post_message(PairsRead(await read_scope(self.engine.paths.database, self._scope)))
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")

    @on(PairsRead)
    def _show(self, message: PairsRead) -> None:
        self._reading = message.reading
        self._draw()

    def _draw(self) -> None:
        reading = self._reading
        if reading is None:
            return
        keys = reading.rows.runtime_keys
        names = [join([arm_name(arm), foreign(keys[arm])], " ") for arm in (0, self._subject.candidate_arm)]
        pairs, unit = self._pairs, self._subject.unit
        has_scenarios = len({pair.scenario for pair in pairs}) > 1
        self.query_one(".columns", Words).show(pair_heading(names, self._side, self._width, has_scenarios))
        self._list.show_items(
            [
                Item(str(pair.pair_no), partial(pair_line, pair, unit, self._side, has_scenarios=has_scenarios))
                for pair in pairs
            ]
        )
        if not pairs:
            self.query_one(".columns", Words).show(own("No pair has finished yet.", "$text-muted"))
        self._draw_plot(reading)
        self.refresh_frame()

    def _draw_plot(self, reading: ScopeReading) -> None:
        plot = self.query_one(".plot", Words)
        if self._shows_memory:
            height = max(3, min(10, (self.size.height - 12) // 2))
            plot.show(memory_plot(self._memory, self._width, height) if self._memory is not None else EMPTY)
            return
        comparison = reading.comparison(self._subject)
        height = 1 if self.size.height < 40 else 3
        plot.show(stacked(both_strips(comparison, self._width, height)) if comparison is not None else EMPTY)

    @on(OptionList.OptionHighlighted)
    def _follow_cursor(self) -> None:
        chosen = self._chosen
        if self._shows_memory and chosen is not None:
            self._read_memory(chosen)

    @work(exclusive=True, group="memory")
    async def _read_memory(self, pair: PairRow) -> None:
        try:
            self.post_message(MemoryRead(await read_memory(self.engine.queries, pair)))
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")

    @on(MemoryRead)
    def _show_memory(self, message: MemoryRead) -> None:
        self._memory = message.memory
        if self._reading is not None:
            self._draw_plot(self._reading)

    @on(OptionList.OptionSelected)
    def _open_run(self) -> None:
        chosen = self._chosen
        side: PairSide | None = None
        if chosen is not None:
            side = chosen.baseline if self._side == 0 else chosen.candidate
        if side is None:
            tell(self.app, own("This side has no run for the beat: one before it failed."), severity="warning")
            return
        self.post_message(RunChosen(side.run_id))

    def action_open_side(self) -> None:
        """As Enter in the list."""
        self._list.action_select()

    def action_mark_side(self, side: int) -> None:
        """The side whose run Enter opens."""
        self._side = side
        self._draw()
