"""What the engine says while it works. Every event carries stored records; the screen and the store see the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from store.records import (
    ChainRecord,
    ChainStepRecord,
    CommentRecord,
    ExperimentRecord,
    IssueRecord,
    LaunchRecord,
    LogChunkRecord,
    MeasurementRecord,
    ModelRequestRecord,
    ProcessSampleRecord,
    ResumeVerdictRecord,
    RunRecord,
    SessionEventRecord,
    TranscriptRowRecord,
    TrialRecord,
)


class Step(StrEnum):
    """Where a beat stands, in the order in which it passes them."""

    CHECKOUT = "checkout"
    ROOT = "root"
    ENDPOINT = "endpoint"
    BRIDGE = "bridge"
    EXECUTE = "execute"
    SPAWNED = "spawned"
    FIRST_REQUEST = "first request"
    RESULT = "result"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class LaunchStarted:
    """The operator pressed the key: these runs will follow, one after the other or at once."""

    launch: LaunchRecord
    run_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunChanged:
    """A run was queued, started or finished: its record as it now stands."""

    run: RunRecord


@dataclass(frozen=True, slots=True)
class StepReached:
    """A beat passed a step; `at_ms` counts from the call of `execute` (negative before it)."""

    run_id: str
    step: Step
    at_ms: float
    took_ms: float
    """Since the step before."""


@dataclass(frozen=True, slots=True)
class LogAppended:
    """A raw chunk of the run log."""

    chunk: LogChunkRecord


@dataclass(frozen=True, slots=True)
class RowsChanged:
    """Rows of the transcript view that are new or were replaced; they are stored within the next batch."""

    run_id: str
    rows: tuple[TranscriptRowRecord, ...]


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """The model endpoint took a request, or finished answering it (same ordinal again)."""

    request: ModelRequestRecord


@dataclass(frozen=True, slots=True)
class ProcessesSampled:
    """The lane's process tree at one moment."""

    sample: ProcessSampleRecord


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """A session was bound, kept, cleared or rejected."""

    change: SessionEventRecord


@dataclass(frozen=True, slots=True)
class IssueChanged:
    """An issue was made, checked out or released."""

    issue: IssueRecord


@dataclass(frozen=True, slots=True)
class CommentPosted:
    """An issue has a new comment."""

    comment: CommentRecord


@dataclass(frozen=True, slots=True)
class LaunchFinished:
    """All runs of a launch have ended."""

    launch_id: str


@dataclass(frozen=True, slots=True)
class NodePackagesProgressed:
    """Node packages are being installed; `total` is 0 until it is known."""

    fetched: int
    total: int
    current: str
    done: bool = False
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class ResumeJudged:
    """What a beat resumed is known: from its first request on, and again at its end."""

    verdict: ResumeVerdictRecord


@dataclass(frozen=True, slots=True)
class ExperimentChanged:
    """An experiment was planned, went on, paused or ended; `trial` is the one that began or ended just now."""

    experiment: ExperimentRecord
    trial: TrialRecord | None = None


@dataclass(frozen=True, slots=True)
class ChainChanged:
    """A chain was begun, or something was done in it."""

    chain: ChainRecord
    step: ChainStepRecord | None = None


@dataclass(frozen=True, slots=True)
class MeasurementTaken:
    """A number beside the runs was measured anew."""

    measurement: MeasurementRecord


@dataclass(frozen=True, slots=True)
class OperatorWarned:
    """Something did not go as asked, and no run or issue tells of it; one sentence with the remedy."""

    sentence: str


EngineEvent = (
    LaunchStarted
    | RunChanged
    | StepReached
    | LogAppended
    | RowsChanged
    | RequestSeen
    | ProcessesSampled
    | SessionChanged
    | IssueChanged
    | CommentPosted
    | LaunchFinished
    | NodePackagesProgressed
    | ResumeJudged
    | ExperimentChanged
    | ChainChanged
    | MeasurementTaken
    | OperatorWarned
)

Listener = Callable[[EngineEvent], None]


class EventFeed:
    """Hands each event to every listener, in the order in which they subscribed."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; returns the call that removes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, event: EngineEvent) -> None:
        """Tell everyone. Listeners must be quick and must not raise."""
        for listener in list(self._listeners):
            listener(event)
