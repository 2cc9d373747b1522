"""What beats after the first resumed, as the model endpoint saw it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from console.engine.plan.measures.facts import Facts
from console.engine.plan.measures.measure import Finding, Measure
from console.engine.plan.measures.scope import Counted, RunArguments, rate_finding, runs_meant
from store.records import ResumeVerdictRecord, ResumeWord


class ResumeArguments(RunArguments):
    """`accepted` are the verdicts that count as resumed."""

    accepted: tuple[ResumeWord, ...] = ("native",)


async def _resumed(arguments: ResumeArguments, facts: Facts) -> Finding:
    verdicts = await facts.verdicts()
    counted = await _judged(arguments, facts, verdicts)
    finding = rate_finding(counted, arguments, nothing="no beat after a first one has been judged", told=_words_told)
    baseline = await _judged(arguments.model_copy(update={"runtimes": "target"}), facts, verdicts)
    if not counted or not baseline or arguments.runtimes == "target":
        return finding
    return replace(finding, statement=f"{finding.statement} (existing adapter: {_by_runtime(baseline)})")


async def _judged(
    arguments: ResumeArguments, facts: Facts, verdicts: Mapping[str, ResumeVerdictRecord]
) -> list[Counted]:
    """The beats that resumed what nobody had touched."""
    return [
        Counted(run, verdicts[run.id].verdict in arguments.accepted, _word(verdicts[run.id]))
        for run in await runs_meant(arguments, facts)
        if run.id in verdicts and not run.is_manipulated
    ]


def _word(verdict: ResumeVerdictRecord) -> str:
    """A history that the agent shortened itself is told apart: not all that was said is in it."""
    return f"{verdict.verdict} (compacted)" if verdict.compaction is not None else verdict.verdict


def _words_told(key: str, group: Sequence[Counted]) -> str:
    counts = Counter(item.word for item in group)
    return f"{key} " + ", ".join(f"{word} {count}/{len(group)}" for word, count in counts.most_common())


def _by_runtime(counted: Sequence[Counted]) -> str:
    keys = sorted({item.run.runtime_key for item in counted})
    return " · ".join(_words_told(key, [item for item in counted if item.run.runtime_key == key]) for key in keys)


RESUMED = Measure(
    "beats_resumed", "later beats that resumed as accepted", "rate", "judged beats", ResumeArguments, _resumed
)
