"""The form of a new experiment: what runs, in which scenarios, how often, and what counts as within."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, LiteralString

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from adapters.catalogue import RuntimeDefinition
from console.engine.experiment.plan import ExperimentOrder, check_order
from console.engine.launches import RefusedOrder
from console.engine.measures.definitions import load_definitions
from console.ui.engine_port import EnginePort
from console.ui.screens.metrics_words import arm_name
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.words import Words
from console.ui.widgets.writing import WritingLine

_DEFAULT_SCENARIO: Final = "hello-tool"
_NUMBERS: Final[tuple[tuple[str, LiteralString, str], ...]] = (
    ("max_pairs", "pairs at most", "20"),
    ("min_pairs", "pairs at least", "10"),
    ("warmup_pairs", "warm-up pairs", "1"),
    ("seed", "seed", "1"),
    ("margin", "margin (ratio)", ""),
    ("time_limit_s", "limit of a beat (s)", "300"),
)
_SWITCHES: Final[tuple[tuple[str, LiteralString], ...]] = (
    ("warm", "warm: keep the bridge running between beats"),
    ("settled", "stop as soon as every deciding metric is settled"),
    ("self_check", "self-check first: the baseline against itself"),
    ("only_self_check", "only the self-check"),
)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What is ticked, in the order of ticking: the first runtime is the baseline."""

    runtimes: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = (_DEFAULT_SCENARIO,)
    switches: frozenset[str] = frozenset(("self_check",))


class ExperimentFormModal(ModalScreen[tuple[ExperimentOrder, ...] | None]):
    """Dismissed with the orders (a self-check comes before what it is for), or None."""

    BINDINGS = [("escape", "leave"), ("ctrl+s", "plan")]  # noqa: RUF012  (as Textual declares it)
    DEFAULT_CSS = """
    ExperimentFormModal { align: center middle; background: $background 60%; }
    ExperimentFormModal > Vertical {
        width: 78; max-width: 98%; height: auto; max-height: 98%; padding: 0 1;
        background: $surface; border: round $primary;
    }
    ExperimentFormModal Words { height: auto; }
    ExperimentFormModal .label { color: $text-muted; height: 1; }
    ExperimentFormModal OptionList {
        height: auto; max-height: 4; border: none; padding: 0; background: $panel; scrollbar-size-vertical: 1;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    ExperimentFormModal OptionList:focus {
        border: none; background: $panel-lighten-1; background-tint: $foreground 0%;
    }
    ExperimentFormModal.-tall OptionList { max-height: 9; }
    ExperimentFormModal Grid { grid-size: 4; grid-columns: 19 1fr 19 1fr; grid-rows: 1; height: auto; }
    ExperimentFormModal .complaint { color: $error; }
    ExperimentFormModal .keys { color: $text-muted; }
    """

    def __init__(self, engine: EnginePort, number: int) -> None:
        super().__init__()
        self._engine, self._number = engine, number
        # Those that need no permission come first; the sort keeps the order of their files otherwise.
        self._runtimes = sorted(engine.catalogue.runtimes.values(), key=lambda runtime: runtime.experimental)
        self._chosen: _Chosen = _Chosen(runtimes=_same_agent(self._runtimes))

    def compose(self) -> ComposeResult:
        """The lists, the numbers, the switches."""
        with Vertical():
            yield Words(words("New experiment {n}", "bold", n=self._number))
            yield Words(own("runtimes, in the order of ticking: A is the baseline"), classes="label")
            yield OptionList(id="runtimes", markup=False)
            yield Words(own("scenarios, taking turns"), classes="label")
            yield OptionList(id="scenarios", markup=False)
            with Grid():
                for name, label, value in _NUMBERS:
                    yield Words(own(label), classes="label")
                    yield WritingLine(value or self._default_margin(), id=name)
            yield OptionList(id="switches", markup=False)
            yield Words(classes="complaint")
            yield Words(_KEYS, classes="keys")

    def on_mount(self) -> None:
        """Begin with the runtimes."""
        self._fill()
        self.query_one("#runtimes", OptionList).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Longer lists where there is room."""
        self.set_class(event.size.height >= 40, "-tall")

    def _default_margin(self) -> str:
        primary = [item.default_margin_ratio for item in load_definitions().primary]
        return f"{primary[0]:g}" if primary and primary[0] is not None else "1.25"

    def _fill(self) -> None:
        runtimes = [(item.key, foreign(item.title)) for item in self._runtimes]
        scenarios = [(item.name, foreign(item.title)) for item in self._engine.scenarios.scenarios.values()]
        switches = [(name, own(label)) for name, label in _SWITCHES]
        chosen = self._chosen
        self._show("runtimes", [(key, _arm_line(key, title, chosen.runtimes)) for key, title in runtimes])
        self._show(
            "scenarios",
            [
                (key, _ticked(key in chosen.scenarios, join([foreign(key, "bold"), title], "  ")))
                for key, title in scenarios
            ],
        )
        self._show("switches", [(name, _ticked(name in chosen.switches, label)) for name, label in switches])

    def _show(self, list_id: str, lines: Sequence[tuple[str, SafeText]]) -> None:
        shown = self.query_one(f"#{list_id}", OptionList)
        place = shown.highlighted
        shown.clear_options()
        shown.add_options([Option(text, id=key) for key, text in lines])
        shown.highlighted = place or 0

    @on(OptionList.OptionSelected)
    def _tick(self, message: OptionList.OptionSelected) -> None:
        key, chosen = message.option_id or "", self._chosen
        if message.option_list.id == "runtimes":
            self._chosen = replace(chosen, runtimes=_toggled(chosen.runtimes, key))
        elif message.option_list.id == "scenarios":
            self._chosen = replace(chosen, scenarios=_toggled(chosen.scenarios, key))
        else:
            self._chosen = replace(chosen, switches=chosen.switches ^ {key})
        self._fill()

    def on_key(self, event: events.Key) -> None:
        """Space ticks too."""
        if event.key == "space" and isinstance(self.focused, OptionList):
            event.stop()
            self.focused.action_select()

    def action_plan(self) -> None:
        """Close with the orders, if they can be run."""
        numbers = {name: _number(self.query_one(f"#{name}", WritingLine).value) for name, _, _ in _NUMBERS}
        wrong = next((label for name, label, _ in _NUMBERS if numbers[name] is None), None)
        if wrong is not None:
            self._complain(join([foreign(wrong), own("is not a number; write digits, such as 20.")], " "))
            return
        orders = self._orders({name: value for name, value in numbers.items() if value is not None})
        try:
            for order in orders:
                check_order(order, load_definitions())
        except RefusedOrder as refusal:
            self._complain(foreign(str(refusal)))
            return
        self.dismiss(orders)

    def _orders(self, numbers: dict[str, float]) -> tuple[ExperimentOrder, ...]:
        chosen = self._chosen
        primary = [item.name for item in load_definitions().primary]
        order = ExperimentOrder(
            runtime_keys=chosen.runtimes,
            scenarios=chosen.scenarios,
            temperature="warm" if "warm" in chosen.switches else "cold",
            seed=int(numbers["seed"]),
            warmup_pairs=int(numbers["warmup_pairs"]),
            min_pairs=int(numbers["min_pairs"]),
            max_pairs=int(numbers["max_pairs"]),
            margins=dict.fromkeys(primary, numbers["margin"]),
            stops_when_settled="settled" in chosen.switches,
            time_limit_s=numbers["time_limit_s"],
        )
        check = replace(order, kind="self-check", runtime_keys=chosen.runtimes[:1], stops_when_settled=False)
        if "only_self_check" in chosen.switches:
            return (check,)
        return (check, order) if "self_check" in chosen.switches else (order,)

    def _complain(self, text: SafeText) -> None:
        self.query_one(".complaint", Words).show(text)

    def action_leave(self) -> None:
        """Close without an order."""
        self.dismiss(None)


def _same_agent(runtimes: Sequence[RuntimeDefinition]) -> tuple[str, ...]:
    """The first two that run the same agent in the same version, one of them experimental: the fairest comparison."""
    stable = [runtime for runtime in runtimes if not runtime.experimental]
    for baseline in stable:
        for candidate in runtimes:
            agents = [(found.agent.family, found.agent.version) for found in (baseline, candidate)]
            if candidate.experimental and agents[0] == agents[1]:
                return baseline.key, candidate.key
    return tuple(runtime.key for runtime in runtimes[:2])


def _toggled(chosen: tuple[str, ...], key: str) -> tuple[str, ...]:
    return tuple(item for item in chosen if item != key) if key in chosen else (*chosen, key)


def _arm_line(key: str, title: SafeText, chosen: tuple[str, ...]) -> SafeText:
    mark = styled(arm_name(chosen.index(key)), "bold $primary") if key in chosen else own("·", "$text-muted")
    return join([mark, foreign(key, "bold"), styled(title, "$text-muted")], "  ")


def _ticked(is_ticked: bool, text: SafeText) -> SafeText:
    return join([own("✔", "bold $primary") if is_ticked else own("·", "$text-muted"), text], "  ")


def _number(text: str) -> float | None:
    try:
        found = float(text.strip())
    except ValueError:
        return None
    return found if math.isfinite(found) else None


_KEYS = join(
    [
        join([own("Space", "bold $primary"), own("tick")], " "),
        join([own("Tab", "bold $primary"), own("next field")], " "),
        join([own("^s", "bold $primary"), own("plan it")], " "),
        join([own("Esc", "bold $primary"), own("leave")], " "),
        EMPTY,
    ],
    "    ",
)
