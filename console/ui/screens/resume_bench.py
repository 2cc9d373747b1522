"""The resume bench: a chain of beats in each lane, and what the operator does to the session between them."""

from __future__ import annotations

import json
from collections.abc import Coroutine
from typing import Any, Final, cast

from textual import work

from console.engine.chain import ChainOrder, manipulation
from console.engine.chain.manipulation import LETTERS, Refused, stored_params
from console.engine.chain.reading import runtime_keys
from console.engine.chain.session_actions import edited
from console.engine.opening_errors import OPENING_ERRORS
from console.ui.engine_port import MAX_LANES, RefusedOrder
from console.ui.modals.document import DocumentModal
from console.ui.modals.picker import PickerModal
from console.ui.modals.write import WriteModal
from console.ui.notices import tell
from console.ui.screens import lanes_choices, resume_choices
from console.ui.screens.resume_view import ChainScreen
from console.ui.text import EMPTY, SafeText, foreign, join, own, words
from console.ui.widgets.documents import ForeignJson
from store import StoreError
from store.records import BridgeMode, ChainRecord, ChainStepRecord

DEFAULT_RUNTIMES: Final = ("pi_local", "agentos_local/pi")
DEFAULT_SCENARIO: Final = "remember"

EXIT_NOT_REOPENED: Final = 3
"""As of a command that the machine or a file does not allow."""

_ALWAYS: Final = frozenset({"new_chain", "pick_chain", "open_steps", "move_pages", "focus_lane"})
_OF_A_BEAT: Final = frozenset({"open_run", "open_diff", "move_beat"})
_BEATING: Final = frozenset({"beat", "beat_lane"})


class ResumeBenchScreen(ChainScreen):
    """Everything is done by the engine's chains, and goes on when the screen is left."""

    def is_available(self, action_id: str) -> bool:
        """Beats and manipulations wait for one another; manipulations come after a first beat."""
        if self.view is None:
            return action_id == "new_chain"
        lane_count = len(self.view.lanes)
        answers = {
            "cancel": bool(self.running_lanes),
            "copy_session": self._is_manipulable and lane_count > 1,
            "copy_session_stamped": self._is_manipulable and lane_count > 1,
            "copy_session_id": self._is_manipulable and lane_count > 1,
            **dict.fromkeys(_ALWAYS, True),
            **dict.fromkeys(_OF_A_BEAT, self.chosen_beat is not None),
            **dict.fromkeys(_BEATING, self._is_free),
            **dict.fromkeys(("next_lane", "previous_lane"), lane_count > 1),
        }
        return answers.get(action_id, self._is_manipulable)

    @property
    def _is_free(self) -> bool:
        return not self.doing and not self.running_lanes

    @property
    def _is_manipulable(self) -> bool:
        lane = self.active_lane
        return self._is_free and lane is not None and bool(lane.beats)

    # Beats

    def action_beat(self) -> None:
        """The next beat in every lane."""
        self._ask_and_beat(None)

    def action_beat_lane(self) -> None:
        """The next beat in the active lane."""
        self._ask_and_beat(self.active)

    @work
    async def _ask_and_beat(self, lane_index: int | None) -> None:
        if self.view is None:
            return
        keys = [lane.runtime_key for lane in self.view.lanes if lane_index in (None, lane.lane_index)]
        if await self._allowed(keys):
            self._in_background(self._beat(self.view.chain.id, None if lane_index is None else [lane_index]))

    async def _beat(self, chain_id: str, lanes: list[int] | None) -> None:
        self.follow_beats()
        self._begin(EMPTY)
        try:
            await self.engine.chains.beat(chain_id, lanes)
        except RefusedOrder as refusal:
            tell(self.app, foreign(str(refusal)), title=own("Not started"), severity="warning")
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")
        finally:
            self._end()

    async def _allowed(self, keys: list[str]) -> bool:
        """Experimental runtimes start only when the operator has allowed them."""
        runtimes = self.engine.catalogue.runtimes
        if self.engine.experimental_enabled or not any(runtimes[key].experimental for key in keys if key in runtimes):
            return True
        if not await self.app.push_screen_wait(lanes_choices.enable_experimental()):
            return False
        await self.engine.enable_experimental()
        return True

    @work
    async def action_cancel(self) -> None:
        """Stop what runs."""
        if await self.app.push_screen_wait(resume_choices.cancel_beat()):
            await self.engine.cancel_all()

    # Between beats

    def action_view_session(self) -> None:
        """What is stored."""
        self._manipulate("view")

    def action_clear_session(self) -> None:
        """Remove the stored session."""
        self._manipulate("clear")

    def action_delete_store(self) -> None:
        """Delete the agent's own store."""
        self._manipulate("delete-store")

    def action_move_root(self) -> None:
        """Rename the execution root."""
        self._manipulate("move-root")

    def action_kill_sidecar(self) -> None:
        """Kill the VM's sidecar."""
        self._manipulate("kill-sidecar")

    def action_restart_bridge(self) -> None:
        """Stop the warm bridge."""
        self._manipulate("restart-bridge")

    def action_restart_console(self) -> None:
        """Close everything, and open it again."""
        self._manipulate("restart-console")

    def action_copy_session(self) -> None:
        """Take another lane's session as it is."""
        self._copy("copy")

    def action_copy_session_stamped(self) -> None:
        """Take another lane's session, with this lane's fingerprint."""
        self._copy("copy-stamped")

    def action_copy_session_id(self) -> None:
        """Take another lane's session id alone."""
        self._copy("copy-id")

    @work
    async def action_age_store(self) -> None:
        """Make the store older."""
        age = await self._pick(PickerModal(own("How much older?"), resume_choices.AGES, current="30d"))
        if age is not None:
            self._manipulate("age-store", age)

    @work
    async def action_wait(self) -> None:
        """Let time pass."""
        time = await self._pick(PickerModal(own("How long?"), resume_choices.WAITS))
        if time is not None:
            self._manipulate("wait", time)

    @work
    async def _copy(self, key: str) -> None:
        if self.view is None:
            return
        has_choice = len(self.view.lanes) > 2
        source = await self._pick(resume_choices.source_picker(self.view, self.active)) if has_choice else None
        if source is not None or not has_choice:
            self._manipulate(key, source)

    @work
    async def action_edit_session(self) -> None:
        """Write other params; what is no JSON object is said, and can be mended."""
        lane = self.active_lane
        if lane is None:
            return
        before = stored_params(lane.session) or {}
        text, said = json.dumps(before, indent=2, ensure_ascii=False), _EDIT_HELP
        while True:
            title = words("Session params of lane {letter}", letter=foreign(LETTERS[lane.lane_index]))
            written = await self.app.push_screen_wait(WriteModal(title, said, body=text))
            if written is None:
                return
            try:
                edited(before, written.body)
            except Refused as refusal:
                text, said = written.body, foreign(str(refusal), "$error")
                continue
            self._manipulate("edit", written.body)
            return

    @work
    async def _manipulate(self, key: str, argument: str | None = None) -> None:
        """Ask where something is destroyed, then do it."""
        chosen = manipulation(key)
        if self.view is None:
            return
        if chosen.destructive and not await self.app.push_screen_wait(
            resume_choices.confirm(chosen, self.view, self.active)
        ):
            return
        self._in_background(self._do(self.view.chain.id, self.active, key, argument))

    async def _do(self, chain_id: str, lane_index: int, key: str, argument: str | None) -> None:
        chosen = manipulation(key)
        self.stop_reading()
        self._begin(foreign(chosen.title))
        try:
            step = await self.engine.chains.manipulate(chain_id, lane_index, key, argument)
        except RefusedOrder as refusal:
            tell(self.app, foreign(str(refusal)), title=own("Not done"), severity="warning")
            return
        except OPENING_ERRORS as error:
            if key == "restart-console":
                # It is closed and did not open again: there is nothing left to show.
                self.app.exit(return_code=EXIT_NOT_REOPENED, message=foreign(str(error)).plain)
                return
            tell(self.app, foreign(str(error)), severity="error")
            return
        finally:
            self._end()
        self._tell(step)

    def _tell(self, step: ChainStepRecord) -> None:
        said = foreign(step.statement)
        if step.state == "refused":
            tell(self.app, said, title=own("Not done"), severity="warning")
        elif step.state == "failed":
            tell(self.app, said, title=own("Failed"), severity="error")
        elif step.action == "view" and step.after_json is not None:
            title = words("Stored session of lane {letter}", letter=foreign(LETTERS[step.lane_index]))
            self.app.push_screen(DocumentModal(title, ForeignJson.of(step.after_json)))
        else:
            tell(self.app, said)

    # Chains

    @work
    async def action_new_chain(self) -> None:
        """Ask for scenario, runtimes and bridge, then begin."""
        latest = self.chains[0] if self.chains else None
        known = latest.scenario if latest is not None else DEFAULT_SCENARIO
        scenario = await self._pick(lanes_choices.scenario_picker(self.engine, known))
        keys = await self._pick_runtimes(latest) if scenario is not None else []
        if scenario is None or not keys or not await self._allowed(keys):
            return
        current = latest.bridge_mode if latest is not None else "cold"
        picker = PickerModal(own("Is the bridge kept between beats?"), resume_choices.BRIDGES, current=current)
        bridge_mode = cast("BridgeMode | None", await self._pick(picker))
        if bridge_mode is None:
            return
        try:
            chain = await self.engine.chains.begin(ChainOrder(scenario, tuple(keys), bridge_mode))
        except RefusedOrder as refusal:
            tell(self.app, foreign(str(refusal)), title=own("Not begun"), severity="warning")
            return
        self._go_to(chain.id)

    async def _pick_runtimes(self, latest: ChainRecord | None) -> list[str]:
        """A runtime for each lane; none when the operator leaves it."""
        before = runtime_keys(latest) if latest is not None else DEFAULT_RUNTIMES
        keys: list[str] = []
        while len(keys) < MAX_LANES:
            current = before[len(keys)] if len(keys) < len(before) else resume_choices.NO_MORE
            key = await self._pick(resume_choices.lane_picker(self.engine, len(keys), current=current))
            if key is None:
                return []
            if key == resume_choices.NO_MORE:
                break
            keys.append(key)
        return keys

    @work
    async def action_pick_chain(self) -> None:
        """Another stored chain."""
        current = self.view.chain.id if self.view is not None else None
        chosen = await self._pick(resume_choices.chain_picker(self.chains, current))
        if chosen is not None:
            self._go_to(chosen)

    def _go_to(self, chain_id: str) -> None:
        self.chain_id, self.active = chain_id, 0
        self.follow_beats()
        self.read()

    async def _pick(self, picker: PickerModal) -> str | None:
        return await self.app.push_screen_wait(picker)

    def _in_background(self, work_to_do: Coroutine[Any, Any, None]) -> None:
        """In the app's own care: leaving the screen must not stop a restart half-way."""
        self.app.run_worker(work_to_do, group="resume bench")

    def _begin(self, doing: SafeText) -> None:
        self.doing = join([doing, own("…")]) if doing else own("starting…")
        self.show_if_there()

    def _end(self) -> None:
        self.doing = EMPTY
        if self.is_attached:
            self.show_if_there()
            self.read()


_EDIT_HELP: Final = join(
    [
        own("A JSON object in place of all, or name=value in place of one."),
        own("Without __paperclipConfigFingerprint the next beat starts fresh, by Paperclip's rule."),
    ],
    " ",
)
