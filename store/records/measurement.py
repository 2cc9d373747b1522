"""What was measured beside the runs: published claims, complexity, overheads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementRecord:
    """One number about `subject` (a runtime's key, a package, the machine). Key: `id`; the newest of a name counts.

    `value` summarises `samples_json` (a JSON list of numbers in `unit`, or None for a number that was counted);
    `statement` says how it was got in a sentence.
    """

    id: str
    subject: str
    name: str
    value: float
    unit: str
    sample_count: int
    samples_json: str | None = None
    statement: str
    detail_json: str | None = None
    provenance_json: str
    measured_at: str
