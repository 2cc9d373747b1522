"""The plan: its phases as checklists, what supports each criterion, and what the operator signed."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.timer import Timer
from textual.widgets import OptionList

from console.engine.events import ChainChanged, EngineEvent, ExperimentChanged, MeasurementTaken, RunChanged
from console.engine.lane_state import FINAL_STATUSES
from console.engine.plan import PlanStatus, RequirementStatus, evaluate_plan, plan_status
from console.engine.plan.wording import criterion_state, found_for
from console.engine.plan.writing import closed_by_guardrail
from console.ui.engine_port import EnginePort
from console.ui.keys import Scope, bindings
from console.ui.messages import RunChosen
from console.ui.modals.document import DocumentModal
from console.ui.modals.sign_off import GUARD_S, SignOffModal
from console.ui.modals.write import WriteModal
from console.ui.navigation import chain_screen, experiment_screen
from console.ui.notices import tell
from console.ui.report_writing import write_report_beside
from console.ui.screens.base import ConsoleScreen
from console.ui.screens.plan_behind import behind_picker
from console.ui.screens.plan_criteria import Folding, PlanItem
from console.ui.screens.plan_document import subject_document
from console.ui.screens.plan_items import plan_items, section_keys
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.document_view import DocumentView
from console.ui.widgets.item_list import ItemList
from store import StoreError

DETAILS_FROM_CELLS: Final = 120
"""From this width on, the subject under the cursor is shown in full beside the list."""

TALL_FROM_LINES: Final = 40

_STORED_WITHIN_S: Final = 0.3
"""So long after an end its rows are stored, and those of others that ended with it."""


class PlanRead(Message):
    """Everything of the plan was read from the store."""

    def __init__(self, status: PlanStatus) -> None:
        super().__init__()
        self.status = status


class PhasesScreen(ConsoleScreen):
    """Evaluates the plan anew whenever it is shown, something was written, or something has ended."""

    SCOPE: ClassVar[Scope] = "phases"
    BINDINGS: ClassVar = [*bindings("phases")]
    DEFAULT_CSS = """
    PhasesScreen DocumentView { display: none; width: 52; background: $surface; padding: 0 0 0 1; }
    PhasesScreen.-wide DocumentView { display: block; }
    """

    def __init__(self, engine: EnginePort, *, sign_guard_s: float = GUARD_S) -> None:
        super().__init__(engine)
        self._sign_guard_s = sign_guard_s
        self._status = plan_status(engine.plan)
        self._folding: Folding | None = None
        self._again: Timer | None = None
        self._is_experimenting = False
        self._items: dict[str, PlanItem] = {}

    def compose_body(self) -> ComposeResult:
        """The checklists, and the chosen subject in full where there is room."""
        with Horizontal():
            yield ItemList()
            details = DocumentView()
            details.can_focus = False
            yield details

    def on_mount(self) -> None:
        """Show the plan as it is, and read what is stored."""
        self._list.focus()
        self._read()

    def on_resize(self, event: events.Resize) -> None:
        """The details need room."""
        self.set_class(event.size.width >= DETAILS_FROM_CELLS, "-wide")

    def on_screen_resume(self) -> None:
        """Something may have been stored meanwhile."""
        super().on_screen_resume()
        self._read()

    def take_events(self, events: tuple[EngineEvent, ...]) -> None:
        """What has ended may have changed a number.

        While another screen lies on top that waits, and while an experiment runs: nothing may disturb a timed arm.
        """
        for event in events:
            if isinstance(event, ExperimentChanged):
                self._is_experimenting = event.experiment.state == "running"
        is_due = self.is_current and self._again is None and not self._is_experimenting
        if is_due and any(map(_has_ended, events)):
            self._again = self.set_timer(_STORED_WITHIN_S, self._read_again)

    def _read_again(self) -> None:
        self._again = None
        self._read()

    def title_ends(self) -> tuple[SafeText, SafeText]:
        """The plan's name and the first target; which phase is worked on, and how many are complete."""
        target = self._status.target
        shown = EMPTY if target is None else join([own("target"), foreign(target, "bold")], " ")
        title = foreign(self.engine.plan.title, "$text-muted")
        parts = [own("Sidebeat", "bold $primary"), own("phases"), shown, title]
        counted = words(
            "phase {current} of {total} · {done} met",
            current=self._status.current,
            total=len(self._status.phases),
            done=self._status.phases_complete,
        )
        return join(parts, "  "), counted

    def is_available(self, action_id: str) -> bool:
        """Criteria can be answered; what has a subject can be signed and read in full; a guardrail may close both."""
        item = self._chosen
        if action_id not in ("answer", "sign", "history"):
            return True
        if item is None or item.subject_id is None:
            return False
        is_open = action_id == "history" or not closed_by_guardrail(self._status, item.subject_id)
        return is_open and (action_id != "answer" or self._is_criterion(item))

    @property
    def _list(self) -> ItemList:
        return self.query_one(ItemList)

    @property
    def _chosen(self) -> PlanItem | None:
        key = self._list.highlighted_key if self.is_mounted else None
        return self._items.get(key) if key is not None else None

    def _is_criterion(self, item: PlanItem) -> bool:
        return item.subject_id is not None and self._status.criterion(item.subject_id) is not None

    @work(exclusive=True, group="read")
    async def _read(self) -> None:
        try:
            self.post_message(PlanRead(await evaluate_plan(self.engine.plan, self.engine.queries)))
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")

    @on(PlanRead)
    def _show(self, message: PlanRead) -> None:
        self._status = message.status
        if self._folding is None:
            self._folding = Folding(sections=self._opened_at_first(message.status))
        self._lay_out()

    def _opened_at_first(self, status: PlanStatus) -> frozenset[str]:
        """The first phase that is not complete; on a tall screen every such phase that has anything."""
        unfinished = [phase for phase in status.phases if not phase.complete]
        is_tall = self.size.height >= TALL_FROM_LINES
        started = [phase.phase.key for phase in unfinished if phase.touched and is_tall]
        return frozenset([*started, *(phase.phase.key for phase in unfinished[:1])])

    def _lay_out(self) -> None:
        items = plan_items(self.engine.plan, self._status, self._folding or Folding())
        self._items = {item.key: item for item in items}
        self._list.show_items(items)
        self._show_details()

    @on(OptionList.OptionHighlighted)
    def _show_details(self) -> None:
        item = self._chosen
        if item is not None and item.subject_id is not None:
            document = subject_document(self.engine.plan, self._status, item.subject_id)
            self.query_one(DocumentView).show(document)
        self.refresh_frame()

    @on(OptionList.OptionSelected)
    def _open(self, message: OptionList.OptionSelected) -> None:
        item = self._items[message.option_id or ""]
        if item.run_id is not None:
            self.post_message(RunChosen(item.run_id))
        elif item.requirement is not None:
            self._open_behind(item.requirement)
        elif item.section is not None:
            self._fold(sections=self._open_sections ^ {item.section})
        elif item.subject_id is not None and self._folding is not None:
            self._fold(criteria=self._folding.criteria ^ {item.subject_id})

    @work
    async def _open_behind(self, requirement: RequirementStatus) -> None:
        """The rows behind a number; the one chosen is shown."""
        if not requirement.behind:
            tell(self.app, own("Nothing lies behind it yet."))
            return
        chosen = await self.app.push_screen_wait(behind_picker(requirement))
        kind, _, row_id = (chosen or "").partition(":")
        if kind == "run":
            self.post_message(RunChosen(row_id))
        elif kind == "experiment":
            self.app.push_screen(experiment_screen(row_id, self.engine))
        elif kind == "chain":
            self.app.push_screen(chain_screen(row_id, self.engine))

    @property
    def _open_sections(self) -> frozenset[str]:
        return self._folding.sections if self._folding is not None else frozenset()

    def _fold(self, *, sections: frozenset[str] | None = None, criteria: frozenset[str] | None = None) -> None:
        known = self._folding or Folding()
        self._folding = Folding(
            known.sections if sections is None else sections, known.criteria if criteria is None else criteria
        )
        self._lay_out()

    def action_open_item(self) -> None:
        """As Enter in the list."""
        self._list.action_select()

    def action_fold_all(self) -> None:
        """Open everything, or fold it when something is open."""
        self._fold(sections=frozenset() if self._open_sections else section_keys(self.engine.plan))

    def action_history(self) -> None:
        """Read the subject in full."""
        item = self._chosen
        if item is None or item.subject_id is None:
            return
        document = subject_document(self.engine.plan, self._status, item.subject_id)
        self.app.push_screen(DocumentModal(own("What is known of it"), document))

    @work
    async def action_answer(self) -> None:
        """Write an answer."""
        item = self._chosen
        if item is None or item.subject_id is None:
            return
        known = self._status.criterion(item.subject_id)
        if known is None:
            return
        body = known.answer.body if known.answer is not None else ""
        title = own("Change the answer") if body else own("Answer")
        modal = WriteModal(title, foreign(known.criterion.text), body=body, author=_last_name(self._status))
        written = await self.app.push_screen_wait(modal)
        if written is not None:
            await self._store(self.engine.answer(item.subject_id, written.body, written.author), own("Answer stored."))

    @work
    async def action_sign(self) -> None:
        """Sign a decision."""
        item = self._chosen
        subject = self.engine.plan.subjects().get(item.subject_id or "") if item is not None else None
        if subject is None:
            return
        modal = SignOffModal(
            foreign(subject.text),
            subject.decisions,
            summary=self._what_it_rests_on(subject.id),
            signed_by=_last_name(self._status),
            guard_s=self._sign_guard_s,
        )
        signature = await self.app.push_screen_wait(modal)
        if signature is None:
            return
        storing = self.engine.sign_off(subject.id, signature.decision, signature.statement, signature.signed_by)
        await self._store(storing, join([own("Signed:"), foreign(signature.decision)], " "))

    @work(exclusive=True, group="report")
    async def action_write_report(self) -> None:
        """Write the report; that it was written may be all that a criterion lacked."""
        await write_report_beside(self.app, self.engine)
        self._read()

    def _what_it_rests_on(self, subject_id: str) -> SafeText:
        known = self._status.criterion(subject_id)
        if known is None:
            return own("The signature is kept for good; a later one takes its place but does not remove it.")
        found = found_for(known)
        now = styled(foreign(f"Now: {criterion_state(known)}."), "bold")
        kept = own("An override is shown as signed, never as measured.") if known.criterion.is_measured else EMPTY
        return join([now, foreign(f"{found}." if found else ""), kept], " ")

    async def _store(self, storing: Awaitable[None], said: SafeText) -> None:
        try:
            await storing
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")
            return
        tell(self.app, said)
        self._read()


def _has_ended(event: EngineEvent) -> bool:
    """Whether it may have changed what a measure finds."""
    if isinstance(event, RunChanged):
        return event.run.status in FINAL_STATUSES
    if isinstance(event, ExperimentChanged):
        return event.experiment.state != "running"
    return isinstance(event, (ChainChanged, MeasurementTaken))


def _last_name(status: PlanStatus) -> str:
    """Who wrote or signed last: most likely the one who does now."""
    criteria = status.criteria()
    named = [(row.signed_at, row.signed_by) for found in criteria for row in found.signoffs]
    named += [(row.written_at, row.author) for found in criteria for row in found.answers]
    named += [(row.signed_at, row.signed_by) for row in status.signoffs]
    return max(named)[1] if named else ""
