"""The appendix: every run with the circumstances of its making, and the versions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

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
from console.engine.report.facts import ReportFacts, RunFacts
from console.engine.report.values import quantity

_OF_RUN: Final = frozenset({"load_1m", "load_1m_at_start", "root_was_reused", "branch", "root_kind"})
"""Of a provenance: what differs from run to run, and so is no circumstance that runs share."""

_SHOWN_CHARACTERS: Final = 64


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
            "Oldest first. `sidebeat show run:<id>` opens one with its transcript, requests and log.",
        )
    yield Heading("Circumstances", anchor="circumstances")
    for text, name in circumstances.items():
        provenance: dict[str, Any] = json.loads(text)
        rows = tuple(row(key, Mono(_told(value))) for key, value in sorted(provenance.items()))
        yield Table(columns("", "value"), rows, f"Circumstances {name}")
    if not circumstances:
        yield Paragraph(phrase("None are stored."))
    yield Heading("Versions", anchor="versions")
    yield Table(columns("", "version"), tuple(_versions(facts)))


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
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= _SHOWN_CHARACTERS * 8 else f"{text[: _SHOWN_CHARACTERS * 8]}…"


def _versions(facts: ReportFacts) -> Iterator[Row]:
    yield row("this report", f"Sidebeat {facts.sidebeat_version}")
    for key, name in (("sidebeat", "runs recorded by Sidebeat"), ("python", "Python"), ("node", "Node")):
        values = sorted({str(item.provenance[key]) for item in facts.runs if item.provenance.get(key)})
        if values:
            yield row(name, ", ".join(values))
    for runtime, record in sorted(facts.runtimes.items()):
        runs = [item for item in facts.runs if item.runtime == runtime]
        agents = sorted({str(item.provenance["agent"]) for item in runs if item.provenance.get("agent")})
        adapters = sorted(
            {
                f"{item.provenance['adapter_package']} {item.provenance.get('adapter_version') or ''}".strip()
                for item in runs
                if item.provenance.get("adapter_package")
            }
        )
        if runs:
            yield row(f"{runtime}: {record.title}", "; ".join([*agents, *adapters]) or "not stored")
