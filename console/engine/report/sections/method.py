"""The method: how the numbers came about, and what they can bear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from console.engine.measures.definitions import RECOMMENDED, MetricDefinition
from console.engine.report.blocks import (
    Block,
    Bullets,
    Heading,
    Mono,
    Paragraph,
    Row,
    Section,
    SectionLink,
    Strong,
    Table,
    columns,
    phrase,
    row,
)
from console.engine.report.facts import ReportFacts
from console.engine.report.values import counted, quantity, ratio_text
from console.engine.report.wording import most_common

_RULES = (
    phrase(
        Strong("Model: "),
        "a scripted endpoint of our own answers every lane with the same bytes, so wording cannot differ and every "
        "divergence comes from the runtime, the adapter or the environment. No key is needed and no model is paid.",
    ),
    phrase(
        Strong("Schedule: "),
        "pairs of beats of the same scenario, one arm after the other, never both at once, in ABBA order with a stored "
        "seed; warm-up pairs are discarded. Cold and warm starts are different metrics and are never pooled.",
    ),
    phrase(
        Strong("Ratios: "),
        "the geometric mean of the paired ratios with a 95% t-interval on logarithms, beside both medians and the "
        "paired difference. No ratio is told where a median lies below the metric's floor.",
    ),
    phrase(
        Strong("Rates: "),
        "Wilson's 95% interval. A rate of 100% from few beats has a low lower end, and that is what counts.",
    ),
    phrase(
        Strong("Samples: "),
        "no median below 5 values (rough below 30), no p95 below 20, no p99 below 100. Outliers are flagged and never "
        "removed. First pair, trend and order effect are checked; Holm's step-down applies where several decide.",
    ),
    phrase(
        Strong("Verdicts: "),
        "a margin is fixed before the first pair; the interval is within it, over it, or not settled. A margin that "
        "was changed later stays marked. Verdicts are told only after an A/A self-check said “no difference”.",
    ),
    phrase(
        Strong("Resume: "),
        "canaries planted in a prompt and in a tool result are looked for in the next beat's first model request.",
    ),
)


def method_section(facts: ReportFacts) -> Section:
    """Rules, then the metrics with their clocks, then the margins of each experiment."""
    return Section("Method", "method", tuple(_blocks(facts)))


def _blocks(facts: ReportFacts) -> Iterator[Block]:
    yield Bullets(_RULES)
    modes = most_common(item.run.model_mode for item in facts.ended)
    if modes:
        told = ", ".join(f"{counted(count, 'run')} {mode}" for mode, count in modes)
        yield Paragraph(phrase(f"Who answered: {told}."))
    yield Heading("The plan's metrics")
    yield Table(
        columns("the plan recommends", "measured as"),
        tuple(row(name, _names(facts.definitions.recommended(name))) for name in RECOMMENDED),
        f"As Sidebeat {facts.sidebeat_version} defines them",
    )
    yield Paragraph(phrase("Every metric with its clock is in the ", SectionLink("metrics", "appendix"), "."))
    yield from _margins(facts)


def _names(definitions: Sequence[MetricDefinition]) -> str:
    return "; ".join(f"{item.title}{' (decides)' if item.primary else ''}" for item in definitions)


def metrics_table(facts: ReportFacts) -> Table:
    """Every metric that experiments compare, with its clock, its floor and the margin that it starts with."""
    return Table(
        columns("metric", "definition", ">floor", ">margin"),
        tuple(_metric_row(item) for item in facts.definitions.compared),
        f"The definitions of Sidebeat {facts.sidebeat_version}; margins are what an experiment starts with",
    )


def _metric_row(item: MetricDefinition) -> Row:
    margin = ratio_text(item.default_margin_ratio) if item.default_margin_ratio else "—"
    clock = f" Clock: from “{item.clock_starts}” to “{item.clock_stops}”." if item.clock_starts else ""
    return row(
        phrase(item.title, " ", Mono(item.name)),
        f"{item.definition}{clock}",
        quantity(item.floor, item.unit) if item.floor else "—",
        f"{margin}{', decides' if item.primary else ''}",
    )


def _margins(facts: ReportFacts) -> Iterator[Block]:
    rows: list[Row] = []
    for result in facts.experiments:
        for record in facts.margins.get(result.experiment.id, ()):
            is_first = record.revision == 0
            when = (
                "before the first pair" if is_first else f"CHANGED after {counted(record.finished_pairs_then, 'pair')}"
            )
            rows.append(
                row(
                    str(result.experiment.number),
                    Mono(record.metric),
                    ratio_text(record.margin_ratio),
                    "decides" if record.is_primary else "describes",
                    f"{when}, {record.set_at}",
                    record.reason,
                )
            )
    if rows:
        yield Heading("When the margins were fixed")
        titles = columns(">experiment", "metric", ">margin", "role", "fixed", "reason")
        yield Table(titles, tuple(rows))
