"""One beat in one lane: checkout, root, endpoint, bridge, execute, judgement, comment, release."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Coroutine
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from adapters.bridge import AdapterThrewError, BridgeError
from adapters.catalogue import UnknownPlaceholderError
from adapters.model_endpoint import ModelEndpointError, ModelRequest
from adapters.node_runtime import NodeInstallError
from adapters.process_tree import ProcessIdentity
from adapters.roots import ExecutionRoot, RootError
from adapters.scenario import ExpectationResult, OutsideRootError, UnknownDialectError, check_expectations, dialect
from adapters.transcript import TRANSCRIPT_FORMATS, TranscriptView
from console.engine.beat import conclusion, preparation
from console.engine.beat.derived import store_derived, store_early_end, store_teardown
from console.engine.beat.disk import DiskUse
from console.engine.beat.execution import Execution
from console.engine.beat.lane_runtime import LaneRuntime
from console.engine.beat.metrics import BeatReadings
from console.engine.beat.order import BeatOrder, Services
from console.engine.beat.preparation import PreparedBeat
from console.engine.beat.provenance import provenance
from console.engine.beat.request_journal import RequestJournal
from console.engine.beat.resuming import judged_at_its_first_request, script_fields
from console.engine.beat.step_clock import StepClock
from console.engine.clock import iso_utc
from console.engine.control_plane import CheckoutConflictError
from console.engine.events import RowsChanged, RunChanged, Step
from console.engine.every_step import every_step
from console.engine.outcome import Outcome, TwoOutcomes
from console.engine.process_register import record_process
from console.engine.run_log import RunLog
from console.engine.session_rules import codec_refusal, fresh_session_reason
from store.records import RunRecord, TranscriptRowRecord

SETUP_ERRORS = (
    AdapterThrewError,
    BridgeError,
    CheckoutConflictError,
    ModelEndpointError,
    NodeInstallError,
    OutsideRootError,
    RootError,
    UnknownDialectError,
    UnknownPlaceholderError,
    OSError,
)
"""What may stop a beat before its adapter is called: upstream's `setup_failed`."""


@dataclass(slots=True)
class Heartbeat:
    """A beat under way. `run` returns its final record; `cancel` ends it early."""

    services: Services
    lane: LaneRuntime
    order: BeatOrder
    record: RunRecord
    _cancel_requested: asyncio.Event = field(default_factory=asyncio.Event)
    _root: ExecutionRoot | None = None
    _seen: set[ProcessIdentity] = field(default_factory=set[ProcessIdentity])
    """Every process that was sampled in the beat's tree."""

    def cancel(self) -> None:
        """Stop the agent and what it started; a second call changes nothing."""
        self._cancel_requested.set()

    async def run(self) -> RunRecord:
        """The whole beat. Failures end up in the record, in the transcript and on the issue."""
        self._set(replace(self.record, status="running", started_at=self._now(), **script_fields(self.order)))
        steps = StepClock(self.record.id, self.services.feed)
        journal = RequestJournal(self.record.id, self.services.store, self.services.feed, steps)
        self.lane.on_request = journal.take
        try:
            async with judged_at_its_first_request(self.services, lambda: self.record):
                await self._run(steps, journal)
        except asyncio.CancelledError:
            self._mark_interrupted()
            raise
        finally:
            await self._leave(steps)
        return self.record

    async def _run(self, steps: StepClock, journal: RequestJournal) -> None:
        try:
            prepared = await self._prepare(steps, journal)
        except SETUP_ERRORS as error:
            await self._conclude_early(Outcome("failed", "setup_failed", str(error)))
            return
        if prepared is None or self._cancel_requested.is_set():
            await self._conclude_early(Outcome("cancelled", "cancelled", "cancelled by the operator before it began"))
        else:
            await self._beat(prepared, steps, journal)

    async def _prepare(self, steps: StepClock, journal: RequestJournal) -> PreparedBeat | None:
        """Everything in place; None when the operator has cancelled."""
        if self._cancel_requested.is_set():
            return None
        await self.services.control_plane.check_out(self.order.issue.id, self.record)
        steps.mark(Step.CHECKOUT)
        root = self._root = await preparation.realise(self.order, self.services)
        self._set(replace(self.record, execution_root=str(root.path), root_kind=root.kind))
        steps.mark(Step.ROOT)
        return await self._unless_cancelled(self._start_children(root, steps, journal))

    async def _unless_cancelled(self, work: Coroutine[Any, Any, PreparedBeat]) -> PreparedBeat | None:
        """The work's result, or None as soon as the operator cancels: an endpoint and a bridge take up to a minute."""
        working = asyncio.create_task(work)
        cancel = asyncio.create_task(self._cancel_requested.wait())
        try:
            await asyncio.wait({working, cancel}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
        finally:
            cancel.cancel()
            working.cancel()
            await asyncio.wait({working, cancel})
        error = None if working.cancelled() else working.exception()
        if error is not None and not isinstance(error, SETUP_ERRORS):
            raise error
        return None

    async def _start_children(self, root: ExecutionRoot, steps: StepClock, journal: RequestJournal) -> PreparedBeat:
        order, services = self.order, self.services
        endpoint = await self.lane.endpoint(order.launch.model_mode, services.real_model)
        self._remember(endpoint.pid, "model endpoint")
        agent = order.runtime.agent
        turns = dialect(agent.dialect or agent.family).turns(order.scripted_beat, beat_number=order.beat_index)
        journal.turns = turns if order.launch.model_mode == "scripted" else []
        await endpoint.begin_beat(journal.turns)
        journal.beat_key = endpoint.beat_key
        steps.mark(Step.ENDPOINT)
        settings = preparation.agent_settings(order, services, root=root.path, model_base_url=endpoint.base_url)
        if order.launch.bridge_mode == "cold":
            await self.lane.close_bridge()
        temporary = services.paths.temporary / self.record.id
        environment = preparation.bridge_environment(order, services, settings, root=root.path, temporary=temporary)
        bridge = await self.lane.bridge(order.runtime, environment, root.path)
        self._remember(bridge.pid, "bridge")
        await services.store.flush()
        stored = await preparation.load_session(order, services)
        reason = fresh_session_reason(
            stored,
            wake_reason=self.record.wake_reason,
            force_fresh=order.force_fresh,
            fingerprint=order.fingerprint,
        )
        resumed = None if reason else await preparation.deserialized(bridge, stored)
        reason = reason or codec_refusal(stored, resumed)
        before = conclusion.session_json(stored.params, stored.fingerprint) if stored else None
        self._set(replace(self.record, session_before_json=before, fresh_session_reason=reason))
        if reason:
            conclusion.note_session(order, services, self.record, "reject", reason, before, None)
        steps.mark(Step.BRIDGE)
        return PreparedBeat(root, endpoint, bridge, settings, stored, resumed, temporary)

    async def _beat(self, prepared: PreparedBeat, steps: StepClock, journal: RequestJournal) -> None:
        services = self.services
        form = TRANSCRIPT_FORMATS.get(self.order.runtime.transcript, TRANSCRIPT_FORMATS["generic"])
        log = journal.log = RunLog(self.record.id, prepared.bridge, form, services.store, services.feed)
        execution = Execution(
            self.record.id, prepared.bridge, log, steps, services, self.order.time_limit_s, self._cancel_requested
        )
        self._seen = execution.sampler.seen
        stamp = await asyncio.to_thread(provenance, self.order, services, prepared)
        self._set(replace(self.record, provenance_json=json.dumps(stamp)))
        disk = await DiskUse.now(preparation.written_folders(self.order, services, prepared))
        await execution.run(preparation.execution_context(self.order, self.record, prepared))
        steps.start("persist")
        requests = await self._requests(prepared, journal)
        await log.finish()
        expectations = await asyncio.to_thread(check_expectations, prepared.root.path, self.order.scripted_beat)
        evidence = conclusion.Evidence(
            execution.result,
            execution.thrown,
            requests,
            expectations,
            log.agent_error,
            log.said_anything,
            execution.stopped_by,
        )
        await self._conclude(prepared, execution, log, evidence, expectations, steps, disk)

    async def _requests(self, prepared: PreparedBeat, journal: RequestJournal) -> list[ModelRequest]:
        try:
            return await prepared.endpoint.end_beat()
        except ModelEndpointError:
            # The endpoint died under the beat: what it had journalled stands.
            return journal.answered

    async def _conclude(
        self,
        prepared: PreparedBeat,
        execution: Execution,
        log: RunLog,
        evidence: conclusion.Evidence,
        expectations: list[ExpectationResult],
        steps: StepClock,
        disk: DiskUse,
    ) -> None:
        order, services = self.order, self.services
        outcomes = conclusion.judged(evidence)
        ended = conclusion.with_outcomes(self.record, outcomes, execution.result)
        ended = replace(
            ended,
            expectations_json=conclusion.expectations_json(expectations),
            invocation_json=conclusion.invocation_json(execution.invocation),
            log_bytes=log.log_bytes,
            log_sha256=log.log_sha256,
        )
        if outcomes.observed.status != "succeeded":
            log.show_failure(f"{outcomes.observed.status}: {outcomes.observed.code}", outcomes.observed.reason or "")
        ended = await conclusion.save_session(
            order,
            services,
            ended,
            bridge=prepared.bridge,
            previous=prepared.stored_session,
            result=execution.result,
        )
        await services.store.flush()
        persist_ms = steps.since_start_ms("persist")
        readings = BeatReadings(steps, execution.execute_ms, persist_ms, await disk.growth_bytes(), log.log_bytes)
        await store_derived(services, ended, readings)
        self._set(replace(ended, finished_at=self._now()))
        conclusion.post_comment(order, services, self.record, outcomes, execution.result)

    async def _conclude_early(self, outcome: Outcome) -> None:
        """The adapter was never called."""
        outcomes = TwoOutcomes(outcome, outcome, None)
        ended = conclusion.with_outcomes(self.record, outcomes, None)
        self._show_early_end(outcome)
        await store_early_end(self.services, ended)
        self._set(replace(ended, finished_at=self._now()))
        conclusion.post_comment(self.order, self.services, self.record, outcomes, None)

    def _show_early_end(self, outcome: Outcome) -> None:
        """The only row of its transcript."""
        (row,) = TranscriptView(TRANSCRIPT_FORMATS["generic"]).take_failure(
            f"{outcome.status}: {outcome.code}", outcome.reason or "", at_ms=0.0
        )
        record = TranscriptRowRecord(run_id=self.record.id, **asdict(row))
        self.services.store.put(record)
        self.services.feed.publish(RowsChanged(self.record.id, (record,)))

    async def _leave(self, steps: StepClock) -> None:
        """Whatever happened, nothing of the beat runs on, nothing of a cold one stays, and the issue is given back.

        Processes go first: what the store says to it, such as that the disk is full, must not let an agent live on.
        """
        steps.start("teardown")
        stopped_before = self.lane.stopped_orphan_count
        cold = (self.lane.close_bridge, self._remove_temporary) if self.order.launch.bridge_mode == "cold" else ()
        await every_step((self.lane.end_beat, *cold, self._release))
        steps.mark(Step.FINISHED)
        await store_teardown(
            self.services,
            self.record,
            teardown_ms=steps.since_start_ms("teardown"),
            processes_stopped=self.lane.stopped_orphan_count - stopped_before,
            seen=self._seen,
        )
        await self.services.store.flush()

    async def _remove_temporary(self) -> None:
        temporary = self.services.paths.temporary / self.record.id
        await asyncio.to_thread(shutil.rmtree, temporary, ignore_errors=True)

    async def _release(self) -> None:
        await self.services.control_plane.release(self.order.issue.id, self.record)

    def _mark_interrupted(self) -> None:
        """The console itself is being stopped."""
        if self.record.finished_at is not None:
            return
        reason = "the console was stopped while this run was under way"
        ended = replace(self.record, status="interrupted", observed_status="interrupted", error_code="process_lost")
        self._set(replace(ended, error_message=reason, finished_at=self._now()))

    def _remember(self, pid: int, role: str) -> None:
        services = self.services
        record_process(services.store, services.clock, services.console, pid, role=role, run_id=self.record.id)

    def _set(self, record: RunRecord) -> None:
        self.record = record
        self.services.store.put(record)
        self.services.feed.publish(RunChanged(record))

    def _now(self) -> str:
        return iso_utc(self.services.clock.epoch_s())
