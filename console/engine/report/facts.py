"""Everything that the sections read, read once from one snapshot of the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from console.engine.chain.reading import ChainView
from console.engine.experiment.results import ExperimentResult
from console.engine.measures.definitions import MetricDefinitions
from console.engine.plan import Plan, PlanStatus
from console.engine.quality.result import Finding as TranscriptFinding
from store.records import (
    AnswerRecord,
    CriterionRecord,
    ExperimentMarginRecord,
    LaunchRecord,
    MeasurementRecord,
    ProcessSampleRecord,
    ResumeVerdictRecord,
    RunRecord,
    RuntimeRecord,
    SignoffRecord,
)

ENDED: Final = frozenset({"succeeded", "failed", "cancelled", "timed_out", "interrupted"})
JUDGED: Final = frozenset({"succeeded", "failed", "timed_out"})
"""Ends that say something of the runtime; a cancel is the operator's, an interruption the console's."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run with what is stored around it. `number` counts runs from 1 in the order of their creation."""

    number: int
    run: RunRecord
    metrics: Mapping[str, float]
    provenance: Mapping[str, Any]
    verdict: ResumeVerdictRecord | None
    issue: str
    off_script_requests: int
    manipulations: tuple[str, ...]
    """What was done to its session or surroundings since the beat before, in a chain."""
    is_tampered: bool
    """Something was done so in its chain before it: what it lacks may have been lost then, and it is in no rate."""
    is_warmup: bool
    """It belongs to a pair that its experiment discards."""

    @property
    def id(self) -> str:
        """The run's id."""
        return self.run.id

    @property
    def runtime(self) -> str:
        """The key of its runtime."""
        return self.run.runtime_key

    @property
    def succeeded(self) -> bool:
        """As the console saw it."""
        return self.run.status == "succeeded"


@dataclass(frozen=True, slots=True)
class MemoryTrace:
    """The memory samples of one typical run of a runtime."""

    run: RunFacts
    samples: tuple[ProcessSampleRecord, ...]


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """The database as one snapshot, and the shipped definitions by which it is read."""

    sidebeat_version: str
    fingerprint: str
    runs: tuple[RunFacts, ...]
    """Oldest first."""
    launches: tuple[LaunchRecord, ...]
    runtimes: Mapping[str, RuntimeRecord]
    experiments: tuple[ExperimentResult, ...]
    margins: Mapping[str, tuple[ExperimentMarginRecord, ...]]
    """Every margin that was ever set, by experiment id."""
    chains: tuple[ChainView, ...]
    measurements: tuple[MeasurementRecord, ...]
    """The newest of each subject and name, by subject and name."""
    memory: tuple[MemoryTrace, ...]
    examples: Mapping[str, tuple[TranscriptFinding, ...]]
    """What is wrong in the transcripts of a few runs, by run id."""
    definitions: MetricDefinitions
    plan: Plan
    status: PlanStatus
    stored_criteria: tuple[CriterionRecord, ...]
    answers: Mapping[str, AnswerRecord]
    signoffs: tuple[SignoffRecord, ...]
    """Newest first."""

    @property
    def ended(self) -> tuple[RunFacts, ...]:
        """The runs that have ended."""
        return tuple(item for item in self.runs if item.run.status in ENDED)

    def run(self, run_id: str) -> RunFacts | None:
        """The run with this id."""
        return next((item for item in self.runs if item.id == run_id), None)

    def is_experimental(self, runtime_key: str) -> bool:
        """Whether the runtime is marked so in the file."""
        known = self.runtimes.get(runtime_key)
        return known is not None and known.experimental


def agent_of(item: RunFacts) -> str:
    """The agent's name with its version as found inside the runtime; as ordered, where nobody looked inside."""
    ordered, inside = item.provenance.get("agent"), item.provenance.get("agent_inside")
    if not ordered:
        return ""
    return f"{str(ordered).partition(' ')[0]} {inside}" if inside else str(ordered)


def commonest_scenario(items: Iterable[RunFacts]) -> str | None:
    """The scenario that most runtimes ran, then the one with most runs: runs of several are not pooled."""
    groups = grouped(items, lambda item: item.run.scenario)
    return max(groups, key=lambda name: (len({item.runtime for item in groups[name]}), len(groups[name])), default=None)


def grouped(items: Iterable[RunFacts], key: Callable[[RunFacts], Any]) -> dict[Any, list[RunFacts]]:
    """The runs by key: those of existing adapters first, then those of experimental ones, each in the keys' order."""
    groups: dict[Any, list[RunFacts]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return dict(sorted(groups.items(), key=lambda group: (group[1][0].run.experimental, group[0])))


def parsed_object(text: str | None) -> dict[str, Any]:
    """A stored JSON object; empty where there is none, or something else."""
    value = parsed_json(text)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def parsed_list(text: str | None) -> list[Any]:
    """A stored JSON list; empty where there is none, or something else."""
    value = parsed_json(text)
    return cast("list[Any]", value) if isinstance(value, list) else []


def parsed_json(text: str | None) -> Any:
    """Stored JSON; None where there is none or it is damaged: the report tells what can be read."""
    if not text:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
