"""`sidebeat measure`: numbers beside the runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args

import click

from console.cli.common import Choices, opened_engine, run_async
from console.cli.plain import say, table
from console.engine.events import EngineEvent, MeasurementTaken
from console.engine.measures.kinds import MeasurementKind
from store.records import MeasurementRecord

if TYPE_CHECKING:
    from console.engine.measures.taking import Taken

ALL = "all"


class KindType(click.Choice[str]):
    """A kind of measurement; one that is not known is refused with the nearest."""

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:  # noqa: ARG002 -- click's signature
        near = get_close_matches(str(value), self.choices, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(self.choices)}"
        return f"there is no kind `{value}`; {hint}"


@click.command()
@click.argument("kinds", nargs=-1, type=KindType([*get_args(MeasurementKind), ALL]))
@click.option("--runtime", "runtimes", multiple=True, help="Only these runtimes; default all.")
@click.option("--json", "as_json", is_flag=True, help="Print the measurements as JSON.")
@click.pass_obj
def measure(choices: Choices, kinds: Sequence[str], runtimes: tuple[str, ...], as_json: bool) -> None:
    """Measure what no single run tells, and store it.

    \b
    claims      what agent-os publishes of itself, measured in the same way
    population  memory: the fixed base, and what each further agent costs
    complexity  code, packages, size and native binaries of each runtime
    operations  set-up, requirements, processes, findings of the doctor
    overhead    what the console itself costs

    Without a kind all are measured. Keep the machine quiet meanwhile.
    """
    chosen = [kind for kind in get_args(MeasurementKind) if not kinds or ALL in kinds or kind in kinds]

    async def take() -> Taken:
        async with opened_engine(choices) as engine:
            engine.feed.subscribe(_tell)
            await engine.install()
            return await engine.measurements.take(chosen, runtime_keys=runtimes)

    taken = run_async(take)
    if as_json:
        told = {"measurements": [_as_data(record) for record in taken.records], "absent": [*map(asdict, taken.absent)]}
        click.echo(json.dumps(told, indent=2))
        return
    table(("SUBJECT", "MEASUREMENT", "VALUE", "N", "PUBLISHED"), [_row(record) for record in taken.records])
    for missing in taken.absent:
        click.echo(f"{missing.subject}: no {missing.name}: {missing.reason}")


def _tell(event: EngineEvent) -> None:
    """Progress for people, on standard error."""
    if isinstance(event, MeasurementTaken):
        say(f"{event.measurement.subject}: {event.measurement.name}")


def _row(record: MeasurementRecord) -> tuple[str, ...]:
    value = f"{record.value:,.4g} {record.unit}" if record.value < 1000 else f"{record.value:,.0f} {record.unit}"
    return (record.subject, record.name, value, str(record.sample_count), "; ".join(_published(record)))


def _published(record: MeasurementRecord) -> Iterator[str]:
    detail: dict[str, Any] = json.loads(record.detail_json) if record.detail_json else {}
    for claim in detail.get("claims", ()):
        yield f"{claim['value']:,.4g} {claim['unit']}, {claim['ratio']:.2g}x"


def _as_data(record: MeasurementRecord) -> dict[str, Any]:
    """The record with its JSON columns as values."""
    data = asdict(record)
    for name in ("samples_json", "detail_json", "provenance_json"):
        text = data.pop(name)
        data[name.removesuffix("_json")] = json.loads(text) if text is not None else None
    return data
