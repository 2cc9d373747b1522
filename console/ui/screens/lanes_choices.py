"""What the lanes screen offers to choose from, and what it says before something that one should have read about."""

from __future__ import annotations

from typing import Final

from adapters.catalogue import RuntimeDefinition
from adapters.scenario import Scenario
from console.ui.engine_port import EnginePort
from console.ui.modals.confirm import ConfirmModal
from console.ui.modals.picker import Choice, PickerModal
from console.ui.text import SafeText, foreign, join, own, words

MODELS: Final = (
    Choice("scripted", own("scripted"), own("the scenario's own turns: the same bytes for every lane, no cost")),
    Choice("record", own("record"), own("a real model, whose answers are kept as a script")),
    Choice("real", own("real"), own("a real model; every answer may differ, and costs")),
)

ROOTS: Final = (
    Choice("directory", own("directory"), own("a folder of its own, seeded with the scenario's files")),
    Choice("git_worktree", own("git worktree"), own("a worktree of a repository with the scenario's files")),
)


def scenario_picker(engine: EnginePort, current: str) -> PickerModal:
    """All scenarios; those that were refused are told beneath the title."""
    choices = [_scenario(scenario) for scenario in engine.scenarios.scenarios.values()]
    return PickerModal(own("Scenario: the task that every lane is given"), choices, current=current)


def _scenario(scenario: Scenario) -> Choice:
    beats = words("{n} beat", n=1) if len(scenario.beats) == 1 else words("{n} beats", n=len(scenario.beats))
    return Choice(
        scenario.name, join([foreign(scenario.name), beats], " · "), foreign(" ".join(scenario.description.split()))
    )


def runtime_picker(engine: EnginePort, letter: str, current: str) -> PickerModal:
    """All runtimes."""
    choices = [runtime_choice(runtime) for runtime in engine.catalogue.runtimes.values()]
    return PickerModal(words("Runtime of lane {letter}", letter=foreign(letter)), choices, current=current)


def runtime_choice(runtime: RuntimeDefinition) -> Choice:
    """One runtime, marked when it is experimental."""
    mark = own("EXPERIMENTAL", "$warning") if runtime.experimental else own("")
    return Choice(runtime.key, join([foreign(runtime.key), mark], "  "), foreign(runtime.title))


def enable_experimental() -> ConfirmModal:
    """What it means to allow the experimental runtimes."""
    return ConfirmModal(
        own("Allow the experimental runtimes?"),
        (
            own("agentos_local runs the agent inside an agent-os VM. It is a spike: not a supported adapter."),
            own(
                "• Sessions may be lost between beats, or come back only as a recap.\n"
                "• git and other programs of this machine do not exist in the VM.\n"
                "• Failures may surface late, or with less detail than on the host."
            ),
            own("Nothing but these runtimes changes. The choice is remembered for later sessions."),
        ),
        yes=own("allow them"),
        no=own("leave them off"),
    )


def cancel(letters: SafeText) -> ConfirmModal:
    """Asks before running beats are stopped."""
    return ConfirmModal(
        words("Cancel what runs in lane {letters}?", letters=letters),
        (own("The agents and everything that they started are stopped. What was stored so far stays."),),
        yes=own("cancel it"),
        no=own("let it run"),
    )
