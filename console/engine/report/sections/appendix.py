"""The appendix: every run with the circumstances of its making, and the versions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from console.engine.report.blocks import (
    Block,
    Heading,
    Mono,
    Paragraph,
    Row,
    Section,
    Table,
    columns,
    phrase,
    row,
)
from console.engine.report.facts import ReportFacts, RunFacts, agent_of, grouped
from console.engine.report.sections.method import metrics_table
from console.engine.report.values import quantity

_OF_RUN: Final = frozenset(
    {"load_1m", "load_1m_at_start", "memory_available_bytes", "root_was_reused", "branch", "root_kind", "bridge_mode"}
)
"""Of a provenance: what differs from run to run, and so is no circumstance that runs share."""

_PACKAGES: Final = "packages"
"""Listed once for all runs, not with each of their circumstances."""


def appendix_section(facts: ReportFacts) -> Section:
    """Runs, circumstances, versions."""
    return Section("Appendix", "appendix", tuple(_blocks(facts)))


def _blocks(facts: ReportFacts) -> Iterator[Block]:
    circumstances = _circumstances(facts)
    yield Heading("Runs", anchor="runs")
    if not facts.runs:
        yield Paragraph(phrase("No run is stored."))
    else:
        yield Table(
            columns(
                "run", "started", "runtime", "scenario", ">beat", "start", "ended", ">execute", ">load", "circumstances"
            ),
            tuple(_run_row(item, circumstances) for item in facts.runs),
            "Oldest first. The id, given to sidebeat show, opens a run with its transcript, requests and log.",
        )
    yield Heading("Circumstances", anchor="circumstances")
    for text, name in circumstances.items():
        provenance: dict[str, Any] = json.loads(text)
        rows = tuple(row(key, Mono(_told(value))) for key, value in sorted(provenance.items()) if key != _PACKAGES)
        yield Table(columns("", "value"), rows, f"Circumstances {name}")
    if not circumstances:
        yield Paragraph(phrase("None are stored."))
    yield Heading("Metrics", anchor="metrics")
    yield metrics_table(facts)
    yield Heading("Versions", anchor="versions")
    yield Table(columns("", "version"), tuple(_versions(facts)))
    packages = tuple(_packages(facts))
    if packages:
        yield Table(columns("npm package", "version", "runtimes"), packages, "Packages that the runtimes consist of")


def _circumstances(facts: ReportFacts) -> dict[str, str]:
    """Each different set of circumstances, named by the order in which it came up."""
    found: dict[str, str] = {}
    for item in facts.runs:
        text = _shared(item.provenance)
        if text and text not in found:
            found[text] = f"C{len(found) + 1}"
    return found


def _shared(provenance: Mapping[str, Any]) -> str:
    shared = {key: value for key, value in provenance.items() if key not in _OF_RUN}
    return json.dumps(shared, sort_keys=True, ensure_ascii=False) if shared else ""


def _run_row(item: RunFacts, circumstances: Mapping[str, str]) -> Row:
    run = item.run
    load = item.provenance.get("load_1m_at_start", item.provenance.get("load_1m"))
    execute = item.metrics.get("execute_ms")
    return row(
        Mono(f"run:{run.id}"),
        run.started_at or run.created_at,
        f"{run.runtime_key}{' (warm-up)' if item.is_warmup else ''}",
        run.scenario,
        str(run.beat_index),
        run.bridge_mode,
        run.status,
        quantity(execute, "ms") if execute is not None else "—",
        f"{load:g}" if isinstance(load, (int, float)) else "—",
        circumstances.get(_shared(item.provenance), "—"),
        run_id=run.id,
    )


def _told(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _packages(facts: ReportFacts) -> Iterator[Row]:
    """Every package and version, with the runtimes whose runs had it."""
    users: dict[tuple[str, str], dict[str, None]] = {}
    for runtime, runs in grouped(facts.runs, lambda item: item.runtime).items():
        for item in runs:
            stored = item.provenance.get(_PACKAGES)
            named = cast("dict[str, Any]", stored) if isinstance(stored, dict) else {}
            for package, version in named.items():
                users.setdefault((package, str(version)), {})[runtime] = None
    for (package, version), runtimes in sorted(users.items()):
        yield row(Mono(package), version, ", ".join(runtimes))


def _versions(facts: ReportFacts) -> Iterator[Row]:
    yield row("this report", f"Sidebeat {facts.sidebeat_version}")
    for key, name in (("sidebeat", "runs recorded by Sidebeat"), ("python", "Python"), ("node", "Node")):
        values = sorted({str(item.provenance[key]) for item in facts.runs if item.provenance.get(key)})
        if values:
            yield row(name, ", ".join(values))
    for runtime, record in sorted(facts.runtimes.items()):
        runs = [item for item in facts.runs if item.runtime == runtime]
        agents = sorted({agent_of(item) for item in runs} - {""})
        adapters = sorted(
            {
                f"{item.provenance['adapter_package']} {item.provenance.get('adapter_version') or ''}".strip()
                for item in runs
                if item.provenance.get("adapter_package")
            }
        )
        if runs:
            yield row(f"{runtime}: {record.title}", "; ".join([*agents, *adapters]) or "not stored")
