"""Reading the facts of a report from one snapshot."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Any, Final

from console.engine.chain.reading import BEAT, ChainView, chain_view
from console.engine.experiment.reading import experiment_result
from console.engine.experiment.results import ExperimentResult
from console.engine.measures.definitions import load_definitions
from console.engine.plan import SHIPPED, Plan, evaluate_plan, load_plan
from console.engine.quality import transcript_quality
from console.engine.quality.result import Finding
from console.engine.report.facts import MemoryTrace, ReportFacts, RunFacts, commonest_scenario, grouped, parsed_object
from store import Queries
from store.records import MeasurementRecord, ResumeVerdictRecord, RunRecord
from store.snapshot import REPORT_SUBJECT, Snapshot

_EVERY = 2**31 - 1


async def gather(snapshot: Snapshot) -> ReportFacts:
    """All facts. Raises StoreError; PlanFileError and DefinitionsError when shipped files are damaged."""
    queries = snapshot.queries
    plan = load_plan([SHIPPED])
    experiments = [await experiment_result(queries, item.id) for item in reversed(await queries.experiments())]
    chains = [await chain_view(queries, item.id) for item in reversed(await queries.chains())]
    views = tuple(view for view in chains if view is not None)
    runs = await _runs(queries, experiments, views)
    return ReportFacts(
        sidebeat_version=importlib.metadata.version("sidebeat"),
        fingerprint=snapshot.fingerprint,
        runs=runs,
        launches=tuple(reversed(await queries.launches(limit=_EVERY))),
        runtimes={item.key: item for item in await queries.runtimes()},
        experiments=tuple(experiments),
        margins={
            item.experiment.id: tuple(await queries.experiment_margins(item.experiment.id)) for item in experiments
        },
        chains=views,
        measurements=_measured(await queries.latest_measurements()),
        memory=await _memory(queries, runs),
        examples=await _examples(queries, runs),
        definitions=load_definitions(),
        plan=plan,
        status=await evaluate_plan(plan, queries, report_is_being_written=True),
        stored_criteria=await _criteria_of_others(queries, plan),
        answers=await queries.latest_answers(),
        signoffs=tuple(await queries.signoffs()),
    )


def _measured(records: Sequence[MeasurementRecord]) -> tuple[MeasurementRecord, ...]:
    """Without the notes on written reports, so that writing one does not change the next."""
    kept = [item for item in records if item.subject != REPORT_SUBJECT]
    return tuple(sorted(kept, key=lambda item: (item.subject, item.name)))


async def _criteria_of_others(queries: Queries, plan: Plan) -> tuple[Any, ...]:
    known = {item.id for item in plan.criteria()}
    return tuple(item for item in await queries.criteria() if item.id not in known)


async def _runs(
    queries: Queries, experiments: Sequence[ExperimentResult], chains: Sequence[ChainView]
) -> tuple[RunFacts, ...]:
    verdicts = await queries.resume_verdicts()
    issues = {item.id: item.identifier for item in await queries.issues()}
    manipulations, tampered = _manipulations(chains)
    warmups = _warmup_runs(experiments)
    stored = list(reversed(await queries.runs(limit=_EVERY)))
    return tuple(
        [
            replace(
                await _run(queries, number, run, verdicts.get(run.id)),
                issue=issues.get(run.issue_id, ""),
                manipulations=manipulations.get(run.id, ()),
                is_tampered=run.id in tampered,
                is_warmup=run.id in warmups,
            )
            for number, run in enumerate(stored, start=1)
        ]
    )


async def _run(queries: Queries, number: int, run: RunRecord, verdict: ResumeVerdictRecord | None) -> RunFacts:
    requests = await queries.model_requests(run.id)
    return RunFacts(
        number=number,
        run=run,
        metrics={item.name: item.value for item in await queries.metrics(run.id)},
        provenance=parsed_object(run.provenance_json),
        verdict=verdict,
        off_script_requests=sum(item.off_script for item in requests),
        issue="",
        manipulations=(),
        is_tampered=False,
        is_warmup=False,
    )


def _manipulations(chains: Sequence[ChainView]) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """What was done in a lane since its beat before, by the run of the next; and all runs after any of it."""
    since: dict[str, tuple[str, ...]] = {}
    tampered: set[str] = set()
    for lane in (lane for view in chains for lane in view.lanes):
        pending: list[str] = []
        is_tampered = False
        for item in lane.items:
            if item.step.action != BEAT:
                if item.step.state == "done" and item.step.action not in _HARMLESS:
                    pending.append(item.step.action)
                    is_tampered = True
            elif item.step.run_id is not None:
                if pending:
                    since[item.step.run_id] = tuple(pending)
                if is_tampered:
                    tampered.add(item.step.run_id)
                pending = []
    return since, frozenset(tampered)


_HARMLESS = frozenset({"wait", "view"})
"""They look and let time pass, and change nothing."""


def _warmup_runs(experiments: Sequence[ExperimentResult]) -> frozenset[str]:
    return frozenset(
        run_id
        for result in experiments
        for trial in result.trials
        if trial.is_warmup
        for run_id in json.loads(trial.run_ids_json)
    )


async def _memory(queries: Queries, runs: Sequence[RunFacts]) -> tuple[MemoryTrace, ...]:
    """Of each runtime the first beat whose peak is the median, so that one odd run does not stand for all."""
    traces: list[MemoryTrace] = []
    first = [item for item in runs if item.succeeded and item.run.beat_index == 1 and not item.is_warmup]
    sampled = [item for item in first if _peak(item) and item.run.bridge_mode == "cold"]
    scenario = commonest_scenario(sampled)
    of_scenario = [item for item in sampled if item.run.scenario == scenario]
    for found in grouped(of_scenario, lambda item: item.runtime).values():
        middle = median(map(_peak, found))
        typical = min(found, key=lambda item: (abs(_peak(item) - middle), item.number))
        samples = await queries.process_samples(typical.id)
        if samples:
            traces.append(MemoryTrace(typical, tuple(samples)))
    return tuple(traces)


def _peak(item: RunFacts) -> float:
    return item.metrics.get("peak_pss_bytes", item.metrics.get("peak_rss_bytes", 0.0))


async def _examples(queries: Queries, runs: Sequence[RunFacts]) -> dict[str, tuple[Finding, ...]]:
    """What is wrong in upstream's view of the newest run of each runtime that has it, for each kind of wrong."""
    measured = [item for item in runs if "upstream_recall" in item.metrics]
    chosen: dict[str, RunRecord] = {}
    for of_runtime in grouped(measured, lambda item: item.runtime).values():
        for is_wrong in _WRONG:
            newest = next((item for item in reversed(of_runtime) if is_wrong(item.metrics)), None)
            if newest is not None:
                chosen[newest.id] = newest.run
    found: dict[str, tuple[Finding, ...]] = {}
    for run_id, run in chosen.items():
        quality = await transcript_quality(queries, run)
        if quality is not None:
            found[run_id] = quality.upstream.findings
    return found


_WRONG: Final[tuple[Callable[[Mapping[str, float]], bool], ...]] = (
    lambda metrics: metrics["upstream_recall"] < 1,
    lambda metrics: metrics.get("upstream_duplicates", 0) > 0,
    lambda metrics: metrics.get("upstream_order_errors", 0) > 0,
    lambda metrics: metrics.get("upstream_prompt_echoes", 0) > 0,
)
