"""On which machine, and in what state of it: what decides whether two experiments may stand for each other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from console.engine.beat.machine import console_facts, machine_facts

MACHINE_KEYS = ("system", "cpu_model", "cpu_count", "memory_gib")
BUSY_LOAD_SHARE = 0.5
"""A load average above this share of the processors, before anything was started, is somebody else's work."""


def provenance_at_start() -> dict[str, Any]:
    """The same keys as a run's provenance, as far as they are known before any beat."""
    return {**console_facts(), **machine_facts()}


def machine(provenance: Mapping[str, Any]) -> tuple[object, ...]:
    """What tells machines apart in a stored provenance; memory is rounded, for it differs a little between boots."""
    memory = provenance.get("memory_bytes")
    told = {**provenance, "memory_gib": round(memory / 2**30) if isinstance(memory, int) else None}
    return tuple(told.get(key) for key in MACHINE_KEYS)


def parsed(provenance_json: str | None) -> dict[str, Any]:
    """A stored provenance; empty where none was stored."""
    return json.loads(provenance_json) if provenance_json else {}


def is_busy(provenance: Mapping[str, Any]) -> bool:
    """Whether the machine had other work when this was written."""
    load, processors = provenance.get("load_1m"), provenance.get("cpu_count")
    if not isinstance(load, int | float) or not isinstance(processors, int) or not processors:
        return False
    return load > BUSY_LOAD_SHARE * processors
