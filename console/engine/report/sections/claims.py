"""The runtime's own published claims beside what was measured the same way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from console.engine.report.blocks import (
    Block,
    Bullets,
    Mono,
    Paragraph,
    Phrase,
    Row,
    Section,
    SourceLink,
    Strong,
    Table,
    columns,
    phrase,
    row,
)
from console.engine.report.facts import ReportFacts, parsed_list, parsed_object
from console.engine.report.values import quantity, ratio_text
from store.records import MeasurementRecord

_COLUMNS: Final = columns("measured as", "published", ">measured here", ">n", ">measured ÷ published", "source")


def claims_section(facts: ReportFacts) -> Section:
    """One row for each published number that was measured, and how it was measured."""
    return Section("Published claims", "claims", tuple(_blocks(facts)))


def _blocks(facts: ReportFacts) -> Iterator[Block]:
    names = {item.name for item in facts.definitions.of_group("claims")}
    found = [item for item in facts.measurements if item.name in names]
    if not found:
        yield Paragraph(
            phrase(
                "The runtime's published numbers have not been measured here: ",
                Mono("sidebeat measure"),
                " does it.",
            )
        )
        return
    yield Paragraph(
        phrase(
            "Published numbers are the vendor's, on the vendor's machine; the others were measured here. A ratio "
            "says how far they are apart, not who is right."
        )
    )
    rows = [line for item in found for line in _rows(facts, item)]
    yield Table(_COLUMNS, tuple(rows))
    yield Bullets(tuple(_how(facts, item) for item in found))


def _rows(facts: ReportFacts, record: MeasurementRecord) -> Iterator[Row]:
    definition = facts.definitions.find(record.name)
    title = definition.title if definition is not None else record.name
    claims = _claims(record)
    measured = quantity(record.value, record.unit)
    if not claims:
        yield row(f"{title} ({record.subject})", "—", measured, str(record.sample_count), "—", "—")
    for claim in claims:
        yield row(
            f"{title} ({record.subject})",
            _published(claim, record.unit),
            measured,
            str(record.sample_count),
            _ratio(record.value, claim.get("value")),
            _source(claim),
        )


def _claims(record: MeasurementRecord) -> list[dict[str, Any]]:
    """The published numbers that the measurement was held against, as they were stored with it."""
    detail = parsed_object(record.detail_json)
    listed = detail.get("claims", [detail["claim"]] if isinstance(detail.get("claim"), dict) else [])
    items = cast("list[Any]", listed) if isinstance(listed, list) else []
    return [cast("dict[str, Any]", item) for item in items if isinstance(item, dict)]


def _published(claim: dict[str, Any], unit: str) -> str:
    """In the words in which it was published, else its number."""
    value, text = claim.get("value"), claim.get("text")
    if text:
        return str(text)
    return quantity(float(value), unit) if isinstance(value, (int, float)) else "—"


def _ratio(measured: float, published: Any) -> str:
    if not isinstance(published, (int, float)) or not published:
        return "—"
    return ratio_text(measured / published)


def _source(claim: dict[str, Any]) -> Phrase:
    url, source = claim.get("url"), claim.get("source")
    label = str(source or url or "")
    return (SourceLink(str(url), label),) if url else phrase(label) or ("—",)


def _how(facts: ReportFacts, record: MeasurementRecord) -> Phrase:
    definition = facts.definitions.find(record.name)
    title = definition.title if definition is not None else record.name
    methods = [str(claim["method"]) for claim in _claims(record) if claim.get("method")]
    theirs = f" As published: {' / '.join(methods)}" if methods else ""
    return phrase(Strong(title), f": {record.statement}{_spread(record)} Measured {record.measured_at}.{theirs}")


def _spread(record: MeasurementRecord) -> str:
    samples = _numbers(record)
    if not samples:
        return ""
    return f" Values from {quantity(min(samples), record.unit)} to {quantity(max(samples), record.unit)}."


def _numbers(record: MeasurementRecord) -> Sequence[float]:
    return [float(value) for value in parsed_list(record.samples_json) if isinstance(value, (int, float))]
