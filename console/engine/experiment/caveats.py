"""What a reader must know beside the numbers, from stored rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from console.engine.experiment.looks import looks_at, verdict_confidence
from console.engine.experiment.machine import is_busy, machine, parsed
from console.engine.experiment.results import Comparison
from console.engine.experiment.rows import ExperimentRows

WATCHED = {
    "agent": "the agent's version",
    "agent_inside": "the agent's installed version",
    "adapter_version": "the adapter's version",
    "node": "the version of Node",
    "node_packages": "the set of Node packages",
    "node_app": "Sidebeat's own Node code",
    "runtime_fingerprint": "the runtime's configuration",
    "source_sha256": "Sidebeat's code",
}
"""Of a run's provenance: what must not change while an experiment runs."""

HASH_SHOWN = 16
"""Characters of a version or a hash that are told."""


def experiment_caveats(rows: ExperimentRows, comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    """One sentence each, the gravest first."""
    return (
        *_agents_that_differ(rows),
        *_scripts_that_changed(rows),
        *(caveat for arm in range(len(rows.runtime_keys)) for caveat in arm_caveats(rows, arm)),
        *_machines(rows),
        *_margins(rows),
        *_discarded(rows),
        *_left_out(comparisons),
        *_stopped_early(rows),
    )


def arm_caveats(rows: ExperimentRows, arm: int) -> tuple[str, ...]:
    """What changed within an arm while the experiment ran."""
    stamps = list(arm_provenance(rows, arm))
    found: list[str] = []
    for key, name in WATCHED.items():
        values = list(dict.fromkeys(str(stamp[key])[:HASH_SHOWN] for stamp in stamps if stamp.get(key) is not None))
        if len(values) > 1:
            found.append(f"{name} of arm {'ABCD'[arm]} changed in mid-experiment: {', then '.join(values)}")
    return tuple(found)


def arm_provenance(rows: ExperimentRows, arm: int) -> Iterator[dict[str, Any]]:
    """The provenance of the arm's beats, in the order of running."""
    for pair in rows.pairs:
        for beat in pair.trials[arm].beats:
            yield parsed(beat.run.provenance_json)


def agent_version(rows: ExperimentRows, arm: int) -> str:
    """As its latest beat tells; empty where none does."""
    told = [_agent(stamp) for stamp in arm_provenance(rows, arm) if stamp.get("agent")]
    return told[-1] if told else ""


def _agent(stamp: Mapping[str, Any]) -> str:
    """Its family with the version that is installed in the lane, else with that of the runtime's file."""
    family, _, version = str(stamp["agent"]).partition(" ")
    return f"{family} {stamp.get('agent_inside') or version}"


def _agents_that_differ(rows: ExperimentRows) -> Iterator[str]:
    versions = [agent_version(rows, arm) for arm in range(len(rows.runtime_keys))]
    for arm, version in enumerate(versions[1:], 1):
        if version and versions[0] and version != versions[0]:
            yield (
                f"the agents differ: {versions[0]} in {rows.runtime_keys[0]}, {version} in {rows.runtime_keys[arm]}, "
                "so a difference may be the agent's and not the runtime's"
            )


def _scripts_that_changed(rows: ExperimentRows) -> Iterator[str]:
    for scenario in rows.scenarios:
        hashes = {
            parsed(beat.run.provenance_json).get("script_sha256")
            for pair in rows.pairs
            if pair.scenario == scenario
            for trial in pair.trials
            for beat in trial.beats
        } - {None}
        if len(hashes) > 1:
            yield f"the script of {scenario} changed in mid-experiment: its pairs are not of one kind"


def _machines(rows: ExperimentRows) -> Iterator[str]:
    stored = parsed(rows.experiment.provenance_json)
    if is_busy(stored):
        yield f"the machine was busy when it began: load {stored['load_1m']} on {stored['cpu_count']} processors"
    stamps = [parsed(beat.run.provenance_json) for pair in rows.pairs for trial in pair.trials for beat in trial.beats]
    if len({machine(stamp) for stamp in stamps if stamp}) > 1:
        yield "its pairs ran on more than one machine"


def _margins(rows: ExperimentRows) -> Iterator[str]:
    for record in rows.margins:
        if record.revision > 0:
            yield (
                f"the margin of {record.metric} was set to {record.margin_ratio:g} after "
                f"{_pairs(record.finished_pairs_then)}: {record.reason}"
            )


def _discarded(rows: ExperimentRows) -> Iterator[str]:
    cut = {(trial.pair_no, trial.attempt) for trial in rows.trials if trial.state == "discarded"}
    if cut:
        yield f"{_pairs(len(cut))} cut half-way, discarded and run again"


def _left_out(comparisons: Sequence[Comparison]) -> Iterator[str]:
    for item in comparisons:
        if item.decides and item.incomplete_pairs:
            yield (
                f"{item.metric} (beat {item.beat_index}, {item.scenario}): {_pairs(item.incomplete_pairs)} left out, "
                "in which a beat failed or had no such number; see the failures"
            )


def _stopped_early(rows: ExperimentRows) -> Iterator[str]:
    experiment, measured = rows.experiment, len(rows.measured_pairs)
    is_early = measured < experiment.max_pairs
    if experiment.state == "finished" and experiment.stops_when_settled and is_early:
        yield f"it stopped when settled, after {measured} of at most {_pairs(experiment.max_pairs)}"
    if (looks := looks_at(experiment)) > 1:
        yield (
            f"it may stop at any of {looks} looks, so each verdict is judged by a "
            f"{verdict_confidence(experiment):.1%} interval, which is wider than the 95% interval that is told"
        )
    if experiment.state == "stopped" and is_early:
        yield (
            f"it was stopped by hand after {measured} of {_pairs(experiment.max_pairs)}: who stops when the numbers "
            "suit finds what suits, so it settles no criterion"
        )


def _pairs(count: int) -> str:
    return "1 pair" if count == 1 else f"{count} pairs"
