"""Whether transcripts show what the model said: recall and duplicates against the script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from console.engine.plan.measures.facts import Facts
from console.engine.plan.measures.measure import Finding, Measure
from console.engine.plan.measures.scope import Counted, RunArguments, rate_finding, runs_meant, so_many

RECALL, DUPLICATES = "sidebeat_recall", "sidebeat_duplicates"
UPSTREAM_RECALL, UPSTREAM_DUPLICATES = "upstream_recall", "upstream_duplicates"


class TranscriptArguments(RunArguments):
    """A transcript is readable when it shows at least this share of what was said, and at most so much twice."""

    min_recall: Annotated[float, Field(ge=0, le=1)] = 1.0
    max_duplicates: Annotated[int, Field(ge=0)] = 0


async def _readable(arguments: TranscriptArguments, facts: Facts) -> Finding:
    recall, duplicates = await facts.metric(RECALL), await facts.metric(DUPLICATES)
    upstream = await facts.metric(UPSTREAM_RECALL), await facts.metric(UPSTREAM_DUPLICATES)
    counted = [
        Counted(
            run,
            recall[run.id] >= arguments.min_recall and duplicates.get(run.id, 0) <= arguments.max_duplicates,
            f"recall {recall[run.id]:.0%}, {duplicates.get(run.id, 0):.0f} duplicates",
        )
        for run in await runs_meant(arguments, facts)
        if run.id in recall
    ]

    def tell(key: str, group: Sequence[Counted]) -> str:
        ids = [item.run.id for item in group]
        own = f"recall {_mean(recall, ids):.1%}, {_mean(duplicates, ids):.1f} duplicates"
        theirs = f"upstream's view {_mean(upstream[0], ids):.1%}, {_mean(upstream[1], ids):.1f}"
        return f"{so_many(key, group)} ({own}; {theirs})"

    nothing = "no scripted beat has a measured transcript"
    return rate_finding(counted, arguments, nothing=nothing, told=tell, unit="transcripts readable")


def _mean(values: Mapping[str, float], run_ids: Sequence[str]) -> float:
    known = [values[run_id] for run_id in run_ids if run_id in values]
    return sum(known) / len(known) if known else 0.0


READABLE = Measure(
    "transcripts_readable",
    "transcripts that show what was said, once",
    "rate",
    "transcripts",
    TranscriptArguments,
    _readable,
)
