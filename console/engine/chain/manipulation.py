"""What a manipulation is, what it gets to work on, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from adapters.catalogue import RuntimeDefinition
from adapters.scenario import Scenario
from console.engine.beat import Services
from console.engine.chain.reading import ChainLane, ChainView
from console.engine.clock import iso_utc
from console.engine.events import SessionChanged
from console.engine.launches import LaneOrder, Launches, LaunchOrder
from console.engine.session_rules import MAX_DISPLAY_ID_CHARS
from store.records import RunRecord, SessionDeleted, SessionEventRecord, SessionRecord

LETTERS = "ABCD"


class ChainHost(Protocol):
    """What a chain needs of the engine."""

    @property
    def services(self) -> Services: ...

    @property
    def launches(self) -> Launches: ...

    def runtime(self, key: str) -> RuntimeDefinition:
        """One runtime of the catalogue. Raises RefusedOrder."""
        ...

    def check(self, order: LaunchOrder) -> tuple[list[LaneOrder], Scenario]:
        """What an order asks for. Raises RefusedOrder."""
        ...

    async def launch(self, order: LaunchOrder) -> str:
        """Start a launch. Raises RefusedOrder."""
        ...

    async def wait(self, launch_id: str) -> list[RunRecord]:
        """The final records of a launch."""
        ...

    async def restart(self) -> None:
        """Close everything and open it again on the same database."""
        ...


class Refused(Exception):  # noqa: N818 -- it is an answer to the operator, not a fault
    """A manipulation that cannot be done now; the message is one sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a manipulation did, as a sentence, and what it changed."""

    statement: str
    before: object = None
    after: object = None


@dataclass(frozen=True, slots=True)
class LaneAtRest:
    """A lane between two beats, which has had at least one."""

    host: ChainHost
    view: ChainView
    lane: ChainLane
    runtime: RuntimeDefinition
    last_run: RunRecord
    root: Path
    """Where its next beat works."""

    @property
    def letter(self) -> str:
        """`A` for the first lane."""
        return LETTERS[self.lane.lane_index]

    @property
    def services(self) -> Services:
        """What all beats share."""
        return self.host.services

    @property
    def session(self) -> SessionRecord | None:
        """The session as it stands."""
        return self.lane.session

    @property
    def params(self) -> dict[str, Any] | None:
        """The stored session params, with Paperclip's fingerprint among them; None where nothing is stored."""
        return stored_params(self.session)

    def put_session(self, params: dict[str, Any], reason: str) -> None:
        """Store other params, and tell the session's history why."""
        own_id = params.get("sessionId")
        shown = own_id[:MAX_DISPLAY_ID_CHARS] if isinstance(own_id, str) else None
        text = json.dumps(params, ensure_ascii=False)
        record = SessionRecord(
            **self._key, session_params_json=text, session_display_id=shown, last_run_id=self.last_run.id,
            updated_at=self._now,
        )  # fmt: skip
        self.services.store.put(record)
        self._tell(reason, text, shown)

    def remove_session(self, reason: str) -> None:
        """Remove the stored session, and tell its history why."""
        self.services.store.put(SessionDeleted(**self._key))
        self._tell(reason, None, None)

    @property
    def _key(self) -> dict[str, str]:
        run = self.last_run
        return {"agent_id": run.agent_id, "adapter_type": run.adapter_type, "task_key": run.task_key}

    @property
    def _now(self) -> str:
        return iso_utc(self.services.clock.epoch_s())

    def _tell(self, reason: str, params_json: str | None, display_id: str | None) -> None:
        change = SessionEventRecord(
            id=self.services.clock.new_id(),
            **self._key,
            at=self._now,
            action="reset",
            reason=reason,
            session_params_json=params_json,
            session_display_id=display_id,
        )
        self.services.store.put(change)
        self.services.feed.publish(SessionChanged(change))


Reach = Literal["lane", "chain"]
"""Whether a manipulation is done to one lane, or once to the console and so to every lane."""


@dataclass(frozen=True, slots=True)
class Manipulation:
    """One thing that the operator can do between two beats.

    `past` stands in the chain between the beats, `argument` says what may follow the key after a colon, `needs` what
    must be there, else it is refused with a sentence.
    """

    key: str
    title: str
    past: str
    help: str
    perform: Callable[[LaneAtRest, str | None], Awaitable[Done]]
    needs: str = ""
    argument: str = ""
    destructive: bool = False
    reach: Reach = "lane"


def stored_params(session: SessionRecord | None) -> dict[str, Any] | None:
    """A session's params as they are stored; None where there are none."""
    if session is None or session.session_params_json is None:
        return None
    params: dict[str, Any] = json.loads(session.session_params_json)
    return params
