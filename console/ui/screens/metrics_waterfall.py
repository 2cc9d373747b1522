"""The phases of a beat one after the other, A over B: what the candidate costs, and where."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList

from console.engine.measures.definitions import load_definitions
from console.engine.samples.scope import ScopeReading, Subject
from console.engine.statistics.figures import Summary
from console.ui.engine_port import EnginePort
from console.ui.keys import Scope, bindings
from console.ui.layout import stacked
from console.ui.plots.waterfall import Phase, milliseconds, more, totals, waterfall
from console.ui.run_words import named
from console.ui.screens.base import ConsoleScreen
from console.ui.screens.metrics_items import Slice
from console.ui.screens.metrics_pairs import PairsScreen
from console.ui.screens.metrics_words import arm_name
from console.ui.text import EMPTY, SafeText, foreign, join, own, words
from console.ui.widgets.item_list import Item, ItemList
from console.ui.widgets.words import Words

Layout = Callable[[int], SafeText]

_SPAWN: Final = ("execute_to_spawn_ms", "spawn_to_first_request_ms")
_FIRST_REQUEST: Final = "execute_to_first_request_ms"
"""Where an adapter reports no process, its start and the agent's are one phase."""

_STEPS: Final = (
    "checkout_ms",
    "root_ms",
    "endpoint_ms",
    "bridge_ms",
    *_SPAWN,
    "model_ms",
    "between_requests_ms",
    "last_answer_to_result_ms",
    "persist_ms",
    "teardown_ms",
)


class WaterfallScreen(ConsoleScreen):
    """Two lines for each phase; Enter opens the pairs behind it."""

    SCOPE: ClassVar[Scope] = "waterfall"
    BINDINGS: ClassVar = [*bindings("waterfall")]
    DEFAULT_CSS = "WaterfallScreen .head { height: auto; padding: 0 1; background: $surface; }"

    def __init__(self, engine: EnginePort, reading: ScopeReading, chosen: Slice) -> None:
        super().__init__(engine)
        self._reading, self._slice = reading, chosen
        self._phases = phases_of(reading, chosen)

    def compose_body(self) -> ComposeResult:
        """What is compared, then the phases."""
        yield Words(classes="head")
        yield ItemList()

    def on_mount(self) -> None:
        """Begin with the first phase."""
        self.query_one(ItemList).focus()

    def on_resize(self) -> None:
        """The bars fill the width."""
        self.call_after_refresh(self._draw)

    def title_ends(self) -> tuple[SafeText, SafeText]:
        """The room, and which beat."""
        left = join([own("Sidebeat", "bold $primary"), own("waterfall")], "  ")
        scenario = foreign(self._slice.scenario) if self._slice.scenario else EMPTY
        return left, join([scenario, words("beat {k}", k=self._slice.beat_index)], " · ")

    def is_available(self, action_id: str) -> bool:
        """A phase can be opened when there is one."""
        return action_id != "open_phase" or bool(self._phases)

    def _draw(self) -> None:
        width = max(40, self.size.width - 3)
        phases = [phase for _, phase in self._phases]
        self.query_one(".head", Words).show(self._head(phases))
        items = [
            Item(subject.metric, _fixed(drawn))
            for (subject, _), drawn in zip(self._phases, waterfall(phases, width), strict=True)
        ]
        self.query_one(ItemList).show_items(items)
        self.refresh_frame()

    def _head(self, phases: Sequence[Phase]) -> SafeText:
        keys = self._reading.rows.runtime_keys
        arm = self._slice.candidate_arm
        if not phases:
            return own("No pair has phases in both arms.", "$text-muted")
        whole = totals(phases)
        tax = EMPTY
        if whole.a_ms and whole.b_ms:
            tax = words("{r:.2f}\N{MULTIPLICATION SIGN}", "bold", r=whole.b_ms / whole.a_ms)
        first = join(
            [join([own("A █"), foreign(keys[0])], " "), join([arm_name(arm), own("▒"), foreign(keys[arm])], " ")], "   "
        )
        sums = [
            named("A", milliseconds(whole.a_ms)),
            named("B", milliseconds(whole.b_ms)),
            more(whole.difference_ms),
            tax,
        ]
        note = own("medians of single phases, which need not add up to the median beat", "$text-muted")
        return stacked([first, join([own("all phases"), *sums], "   "), note])

    @on(OptionList.OptionSelected)
    def _open(self, message: OptionList.OptionSelected) -> None:
        subject = next((subject for subject, _ in self._phases if subject.metric == message.option_id), None)
        if subject is not None:
            self.app.push_screen(PairsScreen(self.engine, self._reading.scope, subject, reading=self._reading))

    def action_open_phase(self) -> None:
        """As Enter in the list."""
        self.query_one(ItemList).action_select()


def phases_of(reading: ScopeReading, chosen: Slice) -> tuple[tuple[Subject, Phase], ...]:
    """The phases that were measured in both arms, in the order in which a beat passes them."""
    found = {item.metric: item for item in reading.comparisons if Slice.of(item) == chosen and item.pairing.n}
    steps: list[str] = list(_STEPS)
    if not all(name in found for name in _SPAWN):
        place = steps.index(_SPAWN[0])
        steps[place : place + 2] = [_FIRST_REQUEST]
    definitions = load_definitions()
    phases: list[tuple[Subject, Phase]] = []
    for name in steps:
        item, definition = found.get(name), definitions.find(name)
        if item is not None:
            title = foreign(definition.title if definition is not None else name)
            phases.append((Subject.of(item), Phase(title, _middle(item.baseline), _middle(item.candidate))))
    return tuple(phases)


def _middle(summary: Summary) -> float | None:
    """The median, however few values there are: the bars say how many."""
    return statistics.median([sample.value for sample in summary.samples]) if summary.samples else None


def _fixed(text: SafeText) -> Layout:
    return lambda _: text
