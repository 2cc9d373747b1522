"""Whether failures say what happened: in the run, in its transcript, and on the issue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from console.engine.plan.measures.facts import Facts
from console.engine.plan.measures.measure import Finding, Measure
from console.engine.plan.measures.scope import Counted, RunArguments, rate_finding, runtimes_meant, so_many
from store.queries import RunFact

FAILED = ("failed", "timed_out", "cancelled")
_NAMED_CODES = 4


async def _surfaced(arguments: RunArguments, facts: Facts) -> Finding:
    is_meant = await runtimes_meant(arguments.runtimes, facts)
    counted = [
        _told_of(run)
        for run in await facts.runs()
        if run.status in FAILED
        and is_meant(run.runtime_key, run.experimental)
        and (not arguments.scenarios or run.scenario in arguments.scenarios)
    ]
    nothing = "no beat of these runtimes has failed yet"
    return rate_finding(counted, arguments, nothing=nothing, told=_tell, unit="failures surfaced")


def _told_of(run: RunFact) -> Counted:
    missing = [
        word
        for word, is_there in (
            ("no error code", bool(run.error_code)),
            ("no error in the transcript", run.has_error_row),
            ("no comment", run.is_commented),
        )
        if not is_there
    ]
    said = f"{run.error_code or run.status}, in the transcript and on the issue"
    return Counted(run, not missing, ", ".join(missing) or said)


def _tell(key: str, group: Sequence[Counted]) -> str:
    codes = [code for code, _ in Counter(item.run.error_code for item in group if item.run.error_code).most_common()]
    kinds = ", ".join(codes[:_NAMED_CODES]) + (" …" if len(codes) > _NAMED_CODES else "")
    return f"{so_many(key, group)} ({kinds})" if kinds else so_many(key, group)


SURFACED = Measure(
    "failures_surfaced",
    "failures with an error code, an error row and a comment",
    "rate",
    "failures",
    RunArguments,
    _surfaced,
)
