"""What the resume bench asks: a new chain, a stored one, and before something that cannot be undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from console.engine.chain import ChainView, Manipulation
from console.engine.chain.manipulation import LETTERS
from console.engine.chain.reading import runtime_keys
from console.ui.engine_port import EnginePort
from console.ui.modals.confirm import ConfirmModal
from console.ui.modals.picker import Choice, PickerModal
from console.ui.run_words import moment
from console.ui.screens.lanes_choices import runtime_choice
from console.ui.text import EMPTY, SafeText, foreign, join, own, words
from store.records import ChainRecord

NO_MORE: Final = "-"
"""The choice that no further lane is wanted."""

BRIDGES: Final = (
    Choice("cold", own("cold"), own("each beat starts a bridge of its own, and nothing of it is left")),
    Choice(
        "warm", own("warm"), own("the bridge is kept from beat to beat: it can be restarted, and its sidecar killed")
    ),
)
AGES: Final = (
    Choice("1h", own("1 hour")),
    Choice("72h", own("72 hours"), own("Paperclip rotates a session of pi or opencode that is so old")),
    Choice("30d", own("30 days")),
    Choice("400d", own("400 days")),
)
WAITS: Final = (
    Choice("5s", own("5 seconds")),
    Choice("30s", own("30 seconds")),
    Choice("2m", own("2 minutes")),
    Choice("10m", own("10 minutes")),
)


def lane_picker(engine: EnginePort, lane_index: int, *, current: str | None) -> PickerModal:
    """The runtime of a new chain's lane; from the second lane on there need be none."""
    choices = [runtime_choice(runtime) for runtime in engine.catalogue.runtimes.values()]
    if lane_index:
        choices.insert(0, Choice(NO_MORE, own("no more lanes")))
    title = words("Runtime of lane {letter}", letter=foreign(LETTERS[lane_index]))
    return PickerModal(title, choices, current=current)


def chain_picker(chains: Sequence[ChainRecord], current: str | None) -> PickerModal:
    """The stored chains, the newest first."""
    return PickerModal(
        own("Chains: to look at, or to go on with"), [_chain(chain) for chain in chains], current=current
    )


def _chain(chain: ChainRecord) -> Choice:
    label = join([words("chain {n}", n=chain.number), foreign(chain.scenario), foreign(chain.bridge_mode)], " · ")
    lanes = foreign(", ".join(runtime_keys(chain)), "$text-muted")
    return Choice(chain.id, join([label, moment(chain.updated_at)], "   "), lanes)


def source_picker(view: ChainView, lane_index: int) -> PickerModal:
    """The lane whose session is taken."""
    choices = [
        Choice(LETTERS[lane.lane_index], join([foreign(LETTERS[lane.lane_index]), foreign(lane.runtime_key)], "  "))
        for lane in view.lanes
        if lane.lane_index != lane_index
    ]
    return PickerModal(words("Whose session goes into lane {to}?", to=foreign(LETTERS[lane_index])), choices)


def confirm(chosen: Manipulation, view: ChainView, lane_index: int) -> ConfirmModal:
    """Asks before a manipulation that destroys something."""
    lane = view.lanes[lane_index]
    where = (
        join([own("of lane"), foreign(LETTERS[lane_index]), foreign(lane.runtime_key, "$text-muted")], " ")
        if chosen.reach == "lane"
        else EMPTY
    )
    title: SafeText = foreign(chosen.title[:1].upper() + chosen.title[1:])
    question = join([title, where], " ") if where else title
    details = [foreign(chosen.help)]
    if chosen.needs:
        lead = own("It is refused without", "$text-muted")
        details.append(join([lead, foreign(f"{chosen.needs}.", "$text-muted")], " "))
    return ConfirmModal(join([question, own("?")]), tuple(details), yes=own("do it"), no=own("leave it"))


def cancel_beat() -> ConfirmModal:
    """Asks before running beats are stopped."""
    return ConfirmModal(
        own("Cancel the beat that is running?"),
        (own("The agent and everything that it started is stopped. What was stored so far stays."),),
        yes=own("cancel it"),
        no=own("let it run"),
    )
