"""An experiment's result as data for JSON: what `sidebeat experiment --json` prints."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from console.engine.experiment.results import Comparison, ExperimentResult
from store.records import ExperimentRecord, TrialRecord

JSON_FIELDS = ("scenarios_json", "runtime_keys_json", "provenance_json", "run_ids_json")


def result_data(result: ExperimentResult) -> dict[str, Any]:
    """Everything, with stored JSON parsed. A verdict that must not be shown is null."""
    is_hidden = result.verdicts_hidden_because is not None
    return {
        "experiment": record_data(result.experiment),
        "progress": {
            **asdict(result.progress),
            "current": record_data(result.progress.current) if result.progress.current is not None else None,
        },
        "arms": [asdict(arm) for arm in result.arms],
        "comparisons": [_comparison_data(item, is_hidden=is_hidden) for item in result.comparisons],
        "checks": [asdict(check) for check in result.checks],
        "self_check": asdict(result.self_check) if result.self_check is not None else None,
        "verdicts_hidden_because": result.verdicts_hidden_because,
        "caveats": list(result.caveats),
        "trials": [record_data(trial) for trial in result.trials],
    }


def record_data(record: ExperimentRecord | TrialRecord) -> dict[str, Any]:
    """A stored record, with its JSON columns parsed and named without the suffix."""
    told = asdict(record)
    for name in JSON_FIELDS:
        if name in told:
            text = told.pop(name)
            told[name.removesuffix("_json")] = json.loads(text) if text else None
    return told


def _comparison_data(comparison: Comparison, *, is_hidden: bool) -> dict[str, Any]:
    told = asdict(comparison)
    if is_hidden:
        told |= {"verdict": None, "verdict_without_outliers": None, "pairs_needed": None, "statement": None}
    return told
