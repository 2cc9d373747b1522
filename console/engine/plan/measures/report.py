"""Whether the report says what the newest runs say.

Writing a report stores a measurement with this subject and name; its time is held against the newest run's end.
"""

from __future__ import annotations

from typing import Final

from console.engine.plan.measures.facts import Facts
from console.engine.plan.measures.measure import Finding, Measure, MeasureArguments

REPORT_SUBJECT: Final = "report"
REPORT_WRITTEN: Final = "written"


async def _fresh(_arguments: MeasureArguments, facts: Facts) -> Finding:
    if facts.report_is_being_written:
        return Finding("this report is written after the newest run", 1, 1.0)
    written = next((item for item in await facts.measurements() if _is_report(item.subject, item.name)), None)
    if written is None:
        return Finding("no report has been written: sidebeat report writes one")
    newer = await facts.queries.runs_ended_after(written.measured_at)
    when = written.measured_at[:16].replace("T", " ")
    if newer:
        runs = f"{newer:,} run" + ("s are" if newer > 1 else " is")
        return Finding(f"the report of {when} is stale: {runs} newer", 1, 0.0, is_open=True)
    return Finding(f"the report of {when} is newer than every run", 1, 1.0)


def _is_report(subject: str, name: str) -> bool:
    return subject == REPORT_SUBJECT and name == REPORT_WRITTEN


FRESH = Measure("report_fresh", "a report newer than every run", "fact", "reports", MeasureArguments, _fresh)
