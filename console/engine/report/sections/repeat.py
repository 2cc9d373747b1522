"""How to repeat it: commands built from what was ordered, not from memory."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import Final

from console.engine.beat.order import DEFAULT_TIME_LIMIT_S
from console.engine.chain.reading import ChainView, runtime_keys
from console.engine.experiment.plan import ExperimentOrder
from console.engine.experiment.results import ExperimentResult
from console.engine.measures.definitions import MetricGroup
from console.engine.measures.kinds import KINDS, MeasurementKind
from console.engine.report.blocks import Block, CodeBlock, Paragraph, Section, phrase
from console.engine.report.facts import ReportFacts, RunFacts
from store.records import WITHHELD_BY_OPERATOR, LaunchRecord

_GROUP_OF_KIND: Final[dict[MeasurementKind, MetricGroup]] = {
    "claims": "claims",
    "population": "memory",
    "complexity": "complexity",
    "operations": "operations",
    "overhead": "overhead",
}


def repeat_section(facts: ReportFacts) -> Section:
    """One command for each different order."""
    return Section("How to repeat it", "repeat", tuple(_blocks(facts)))


def _blocks(facts: ReportFacts) -> Iterator[Block]:
    yield Paragraph(
        phrase(
            f"With Sidebeat {facts.sidebeat_version}, on a quiet machine. The scripted model needs no key; "
            "the first start fetches the Node packages once."
        )
    )
    commands = ["sidebeat doctor"]
    commands += dict.fromkeys(experiment_command(facts, result) for result in facts.experiments)
    commands += dict.fromkeys(_chain_command(facts, view) for view in facts.chains if view.chain.plan)
    commands += dict.fromkeys(_beat_commands(facts))
    commands += _measure_commands(facts)
    commands.append("sidebeat report")
    yield CodeBlock("\n".join(commands), "sh")
    by_hand = [view.chain.number for view in facts.chains if not view.chain.plan]
    if by_hand:
        numbers = ", ".join(map(str, by_hand))
        yield Paragraph(
            phrase(f"Chains made by hand (number {numbers}) are told step by step under “Resume”."), "muted"
        )


def experiment_command(facts: ReportFacts, result: ExperimentResult) -> str:
    """The order of an experiment as a command."""
    experiment = result.experiment
    keys = list(dict.fromkeys(arm.runtime_key for arm in result.arms))
    words = ["sidebeat", *_experimental(facts, keys), "experiment"]
    if experiment.kind == "self-check":
        words.append("--self-check")
    words += [part for key in keys for part in ("--runtime", key)]
    words += [part for name in result.scenarios for part in ("--scenario", name)]
    words += ["--pairs", str(experiment.max_pairs), "--min-pairs", str(experiment.min_pairs)]
    words += ["--warm-up", str(experiment.warmup_pairs), "--seed", str(experiment.seed), f"--{experiment.temperature}"]
    if experiment.stops_when_settled:
        words.append("--stop-when-settled")
    if experiment.time_limit_s != DEFAULT_TIME_LIMIT_S:
        words += ["--time-limit", f"{experiment.time_limit_s:g}"]
    if experiment.title != _order(result).shown_title:
        words += ["--title", experiment.title]
    for record in facts.margins.get(experiment.id, ()):
        if record.revision == 0 and _is_not_default(facts, record.metric, record.margin_ratio):
            words += ["--margin", f"{record.metric}={record.margin_ratio:g}"]
    return shlex.join(words)


def _order(result: ExperimentResult) -> ExperimentOrder:
    """The order without a title, to tell whether the operator gave one."""
    experiment = result.experiment
    keys = tuple(arm.runtime_key for arm in result.arms)
    return ExperimentOrder(keys, result.scenarios, experiment.kind, experiment.temperature)


def _is_not_default(facts: ReportFacts, metric: str, ratio: float) -> bool:
    definition = facts.definitions.find(metric)
    return definition is None or definition.default_margin_ratio != ratio


def _chain_command(facts: ReportFacts, view: ChainView) -> str:
    keys = runtime_keys(view.chain)
    words = ["sidebeat", *_experimental(facts, keys), "resume", "--chain", view.chain.plan or ""]
    words += [part for key in keys for part in ("--runtime", key)]
    words += ["--scenario", view.chain.scenario]
    if view.chain.bridge_mode != "cold":
        words += ["--bridge", view.chain.bridge_mode]
    return shlex.join(words)


def _beat_commands(facts: ReportFacts) -> Iterator[str]:
    """What belongs to neither an experiment nor a chain; launches on the same issues are one order of more beats."""
    in_chains = {run.id for view in facts.chains for run in view.runs}
    runs_of: dict[str, list[RunFacts]] = {}
    for item in facts.runs:
        if item.id not in in_chains:
            runs_of.setdefault(item.run.launch_id, []).append(item)
    orders: dict[tuple[frozenset[str], str, str], tuple[LaunchRecord, list[RunFacts]]] = {}
    for launch in facts.launches:
        runs = runs_of.get(launch.id, [])
        if runs and launch.kind in ("sequence", "race"):
            key = (frozenset(item.run.issue_id for item in runs), launch.kind, launch.bridge_mode)
            orders.setdefault(key, (launch, []))[1].extend(runs)
    for launch, runs in orders.values():
        yield _beat_command(facts, launch, runs)


def _beat_command(facts: ReportFacts, launch: LaunchRecord, runs: Sequence[RunFacts]) -> str:
    lanes = {item.run.lane_index: item.runtime for item in runs}
    keys = [lanes[index] for index in sorted(lanes)]
    words = ["sidebeat", *_experimental(facts, keys), "beat"]
    words += [part for key in keys for part in ("--runtime", key)]
    words += ["--scenario", launch.scenario, "--beats", str(max(item.run.beat_index for item in runs))]
    if launch.kind == "race":
        words.append("--race")
    later = [item for item in runs if item.run.beat_index > 1]
    if later and all(item.run.fresh_session_reason == WITHHELD_BY_OPERATOR for item in later):
        words.append("--fresh")
    if launch.bridge_mode != "cold":
        words += ["--bridge", launch.bridge_mode]
    if launch.model_mode != "scripted":
        words += ["--model", launch.model_mode]
    kind = runs[0].run.root_kind
    if kind not in (None, "directory"):
        words += ["--root", kind]
    return shlex.join(words)


def _measure_commands(facts: ReportFacts) -> list[str]:
    """The kinds of measurement that are stored; no kind is named where all of them are."""
    groups = {definition.group for item in facts.measurements if (definition := facts.definitions.find(item.name))}
    taken = [kind for kind in KINDS if _GROUP_OF_KIND[kind] in groups]
    if not taken:
        return []
    return ["sidebeat measure" if len(taken) == len(KINDS) else shlex.join(["sidebeat", "measure", *taken])]


def _experimental(facts: ReportFacts, keys: Sequence[str]) -> list[str]:
    return ["--experimental"] if any(facts.is_experimental(key) for key in keys) else []
