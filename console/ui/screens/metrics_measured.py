"""What was measured beside the runs: its samples, how it was got, and the published number it stands beside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from console.engine.measures.definitions import load_definitions
from console.ui.layout import stacked, wrapped
from console.ui.plots.axis import value_axis
from console.ui.plots.history import ratio_words
from console.ui.plots.strip import Dot, strip
from console.ui.run_words import moment, named
from console.ui.screens.metrics_words import told
from console.ui.text import EMPTY, SafeText, foreign, join, own, spread, styled, words
from console.ui.widgets.documents import Document, ForeignJson, Lines, Together
from store.records import MeasurementRecord


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that somebody published; `value` in the measurement's unit, None where there is only a text."""

    value: float | None
    text: str
    source: str


def claims_of(record: MeasurementRecord) -> tuple[Claim, ...]:
    """The published numbers that were stored with a measurement."""
    detail = _object(record.detail_json)
    listed = detail.get("claims", [detail.get("claim")])
    items = cast("list[Any]", listed) if isinstance(listed, list) else []
    return tuple(_claim(cast("dict[str, Any]", item)) for item in items if isinstance(item, dict))


def runs_behind(record: MeasurementRecord) -> tuple[str, ...]:
    """The runs that a measurement was made of, as far as it lists them."""
    listed = _object(record.detail_json).get("newest_runs")
    return tuple(str(run_id) for run_id in cast("list[Any]", listed)) if isinstance(listed, list) else ()


def published_words(claim: Claim, unit: str) -> SafeText:
    """The number as it was published."""
    if claim.value is not None:
        return told(claim.value, unit)
    return foreign(claim.text)


def measured_page(records: Sequence[MeasurementRecord], width_cells: int) -> Document:
    """Everything that is stored of these measurements of one name."""
    parts: list[Document] = []
    for record in records:
        definition = load_definitions().find(record.name)
        title = foreign(definition.title if definition is not None else record.name, "bold")
        meaning = foreign(definition.definition, "$text-muted") if definition is not None and not parts else EMPTY
        lines = [*([EMPTY] if parts else []), join([title, foreign(record.subject, "$secondary")], "  ")]
        lines += [meaning] if meaning else []
        parts += [Lines([*lines, EMPTY, *_facts(record), *_samples(record, width_cells)]), *_detail(record)]
    return Together(parts)


def _facts(record: MeasurementRecord) -> Iterator[SafeText]:
    value = styled(told(record.value, record.unit), "bold")
    yield join([value, words("n {n}", "$text-muted", n=record.sample_count), moment(record.measured_at)], "   ")
    yield foreign(record.statement)
    for claim in claims_of(record):
        said = foreign(f"“{claim.text}”") if claim.text else EMPTY
        published = join([published_words(claim, record.unit), said], " ") if claim.value is not None else said
        ratio = EMPTY
        if claim.value and record.value > 0:
            ratio = named("measured / published", ratio_words(record.value / claim.value, None))
        yield join([named("published", published), ratio], "   ")
        yield foreign(claim.source, "$text-muted")


def _samples(record: MeasurementRecord, width_cells: int) -> Iterator[SafeText]:
    values = _numbers(record.samples_json)
    if not values:
        return
    axis = value_axis(values, max(8, width_cells))
    drawn = strip([Dot(value) for value in values], axis, median=record.value, height=2)
    yield EMPTY
    yield from drawn.lines
    yield styled(spread(told(axis.low, record.unit), told(axis.high, record.unit), axis.width_cells), "$text-muted")
    yield EMPTY
    told_values = join([words("{n:,.6g}", n=value) for value in values], "  ")
    yield stacked(wrapped(join([named("samples", told_values)]), max(8, width_cells)))


def _detail(record: MeasurementRecord) -> Iterator[Document]:
    for title, text in ((own("detail"), record.detail_json), (own("provenance"), record.provenance_json)):
        if text:
            yield Lines([EMPTY, styled(title, "bold $secondary")])
            yield ForeignJson.of(text)


def _claim(item: dict[str, Any]) -> Claim:
    value = item.get("value")
    return Claim(
        value=float(value) if isinstance(value, (int, float)) else None,
        text=str(item.get("text") or ""),
        source=" · ".join(str(item[name]) for name in ("source", "url") if item.get(name)),
    )


def _object(text: str | None) -> dict[str, Any]:
    try:
        found: Any = json.loads(text or "{}")
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _numbers(text: str | None) -> list[float]:
    try:
        found: Any = json.loads(text or "[]")
    except ValueError:
        return []
    values = cast("list[Any]", found) if isinstance(found, list) else []
    return [float(value) for value in values if isinstance(value, (int, float))]
