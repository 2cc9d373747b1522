"""docs/metrics.md, made from the definitions: `python -m console.engine.measures.page > docs/metrics.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from console.engine.measures.definitions import (
    GROUPS,
    RECOMMENDED,
    MetricDefinition,
    MetricDefinitions,
    MetricGroup,
    load_definitions,
)

GROUP_TITLES: Final[dict[MetricGroup, str]] = {
    "latency": "Latency",
    "phases": "Phases of a beat",
    "resources": "Resources",
    "tokens": "Tokens",
    "reliability": "Reliability",
    "quality": "Transcript and log quality",
    "claims": "Published claims, measured the same way",
    "memory": "Memory by population",
    "complexity": "Implementation complexity",
    "operations": "Operational complexity",
    "overhead": "The console's own overhead",
}
HEAD: Final = """# Metrics

Every number that a run or a measurement can have. This page is made from `console/engine/measures/metrics.toml` by
`python -m console.engine.measures.page`; a test keeps it current. Cold and warm beats are never pooled. A ratio is told
only where a median reaches the floor; a margin is the default that an experiment starts with.
"""


def metrics_page(definitions: MetricDefinitions) -> str:
    """The page as Markdown."""
    lines = [HEAD, "## The plan's recommended metrics", ""]
    for plan_metric in RECOMMENDED:
        names = ", ".join(f"[`{metric.name}`](#{metric.name})" for metric in definitions.recommended(plan_metric))
        lines.append(f"- **{plan_metric}**: {names}")
    for group in GROUPS:
        lines += ["", f"## {GROUP_TITLES[group]}"]
        for metric in definitions.of_group(group):
            lines += ["", f"### {metric.name}", "", *_entry(metric)]
    return "\n".join(lines) + "\n"


def _entry(metric: MetricDefinition) -> Iterator[str]:
    yield f"**{metric.title}**, {_unit(metric)}. {metric.definition}"
    facts = list(_facts(metric))
    if facts:
        yield ""
        yield from (f"- {fact}" for fact in facts)


def _unit(metric: MetricDefinition) -> str:
    return "1 or 0 for each run, told as a rate" if metric.kind == "rate" else f"in {metric.unit}"


def _facts(metric: MetricDefinition) -> Iterator[str]:
    if metric.clock_starts and metric.clock_stops:
        yield f"clock starts: {metric.clock_starts}"
        yield f"clock stops: {metric.clock_stops}"
    if metric.direction != "none":
        yield f"{metric.direction} is better"
    if metric.floor:
        yield f"floor: {metric.floor:,.10g} {metric.unit}"
    if metric.temperature != "any":
        yield f"{metric.temperature} beats only"
    if metric.beats != "any":
        yield f"{metric.beats} beats of an issue only"
    if metric.compared:
        yield "compared in experiments" + (", and decides" if metric.primary else "")
    if metric.default_margin_ratio is not None:
        yield f"margin: {metric.default_margin_ratio:g}x, since {metric.margin_reason}"
    if metric.recommended is not None:
        yield f"part of: {metric.recommended}"


if __name__ == "__main__":
    sys.stdout.write(metrics_page(load_definitions()))
