"""Whether beats went through Paperclip's flow, and whether they succeeded."""

from __future__ import annotations

from console.engine.plan.measures.facts import Facts
from console.engine.plan.measures.measure import Finding, Measure, MeasureArguments, MetricName
from console.engine.plan.measures.scope import (
    Counted,
    RunArguments,
    behind_runs,
    rate_finding,
    runs_meant,
    runtimes_meant,
)
from store.queries import RunFact

_NOTHING = "no beat of these runtimes has ended"


async def _end_to_end(arguments: RunArguments, facts: Facts) -> Finding:
    counted = [_through_the_flow(run) for run in await runs_meant(arguments, facts)]
    return rate_finding(counted, arguments, nothing=_NOTHING, unit="beats end to end")


def _through_the_flow(run: RunFact) -> Counted:
    missing = [
        word
        for word, is_there in (
            ("not checked out", run.was_checked_out),
            ("no request reached the model", run.reached_model),
            ("still holds its issue", not run.still_holds_issue),
            ("no comment", run.is_commented),
        )
        if not is_there
    ]
    return Counted(run, not missing, ", ".join(missing) or f"end to end, {run.status}")


async def _succeeded(arguments: RunArguments, facts: Facts) -> Finding:
    counted = [
        Counted(run, run.status == "succeeded", f"{run.status} {run.error_code}".strip())
        for run in await runs_meant(arguments, facts)
        if not run.is_manipulated
    ]
    return rate_finding(counted, arguments, nothing=_NOTHING, unit="beats succeeded")


class BaselineArguments(MeasureArguments):
    """`metrics` are the derived numbers that a beat must have to count."""

    metrics: tuple[MetricName, ...] = ("execute_to_first_request_ms", "execute_ms")
    scenarios: tuple[str, ...] = ()


async def _baseline(arguments: BaselineArguments, facts: Facts) -> Finding:
    is_meant = await runtimes_meant("target", facts)
    measured = [set(await facts.metric(name)) for name in arguments.metrics]
    counted = [
        Counted(run, True, "measured")
        for run in await facts.runs()
        if is_meant(run.runtime_key, run.experimental)
        and run.status == "succeeded"
        and not run.is_manipulated
        and (not arguments.scenarios or run.scenario in arguments.scenarios)
        and all(run.id in having for having in measured)
    ]
    name = facts.target or "the existing adapters"
    if not counted:
        return Finding(f"no beat of {name} has been measured")
    keys = ", ".join(sorted({item.run.runtime_key for item in counted}))
    beats = "beat" if len(counted) == 1 else "beats"
    return Finding(f"{len(counted):,} measured {beats} of {keys}", len(counted), 1.0, behind=behind_runs(counted))


END_TO_END = Measure(
    "beats_end_to_end",
    "beats checked out, run, released and commented",
    "rate",
    "beats",
    RunArguments,
    _end_to_end,
)
SUCCEEDED = Measure("beats_succeeded", "beats that succeeded", "rate", "beats", RunArguments, _succeeded)
BASELINE = Measure(
    "baseline_beats", "measured beats of the existing adapter", "fact", "beats", BaselineArguments, _baseline
)
