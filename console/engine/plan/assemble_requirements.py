"""Requirements of plan files turned into those of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from console.engine.plan.file import ItemTable
from console.engine.plan.measures import MEASURES
from console.engine.plan.measures.measure import MeasureArguments
from console.engine.plan.model import CRITERION_DECISIONS, MET, NOT_MET, OVERRIDE, Criterion
from console.engine.plan.requirement_file import (
    AnyAddedTable,
    AnyRequirementTable,
    DocumentedTable,
    MeasuredTable,
)
from console.engine.plan.requirements import Documented, Measured, Requirement, Signed


class PlanFileError(Exception):
    """A plan file that cannot be used; the message is one sentence: file, field, remedy."""


def with_requirements(criterion: Criterion, table: ItemTable, path: Path, where: str) -> Criterion:
    """The criterion with what its own table asks. Raises PlanFileError."""
    asked: list[Requirement] = []
    for number, requirement in enumerate(table.requires, start=1):
        place = f"{where}.requires[{number - 1}]"
        made = _made(requirement, criterion, str(number), path, place)
        if any(known.id == made.id for known in asked):
            raise PlanFileError(f"{path}: `{place}.id` repeats `{made.id}`; choose another id")
        asked.append(made)
    return decided(replace(criterion, requirements=tuple(asked)))


def with_added(criterion: Criterion, table: AnyAddedTable, path: Path, where: str) -> Criterion:
    """The criterion with a requirement of another file: in place of the one with its id, or besides."""
    made = replace(_made(table, criterion, str(len(criterion.requirements) + 1), path, where), added_by=path.name)
    kept = criterion.requirements
    if any(known.id == made.id for known in kept):
        return decided(replace(criterion, requirements=tuple(made if known.id == made.id else known for known in kept)))
    return decided(replace(criterion, requirements=(*kept, made)))


def decided(criterion: Criterion) -> Criterion:
    """The criterion with the decisions that can be signed on it: those that it asks for, or an override."""
    if not criterion.requirements:
        return criterion
    own = criterion.own_signature
    if own is None:
        return replace(criterion, decisions=(OVERRIDE, NOT_MET))
    alone = len(criterion.requirements) == 1
    others = (NOT_MET,) if MET in own.decisions else ()
    decisions = (*own.decisions, *others) if alone else (*own.decisions, OVERRIDE, NOT_MET)
    return replace(criterion, decisions=tuple(dict.fromkeys(decisions)))


def refuse_unknown_subjects(criteria: Sequence[Criterion], paths: Sequence[Path]) -> None:
    """Raise PlanFileError for a requirement on the answer or the signature of a criterion that there is not."""
    known = [criterion.id for criterion in criteria]
    for criterion in criteria:
        for requirement in criterion.requirements:
            subject = "" if isinstance(requirement, Measured) else requirement.subject_id
            if subject and subject not in known:
                named = next((path for path in paths if path.name == requirement.added_by), paths[0])
                raise PlanFileError(
                    f"{named}: a requirement of `{criterion.id}` has the subject `{subject}`, "
                    f"which is no criterion; {nearest(subject, known)}"
                )


def nearest(name: str, known: Sequence[str]) -> str:
    """`did you mean ...?`, or what there is."""
    near = get_close_matches(name, known, n=1)
    return f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(known)}"


def _made(table: AnyRequirementTable, criterion: Criterion, number: str, path: Path, where: str) -> Requirement:
    if isinstance(table, MeasuredTable):
        return Measured(
            table.id or number,
            table.measure,
            _arguments(table, path, where),
            table.at_least,
            table.at_most,
            table.min_n,
            table.confidence,
        )
    if isinstance(table, DocumentedTable):
        document = (path.parent / table.document).resolve() if table.document is not None else None
        return Documented(
            table.id or number, table.subject or criterion.id, document, table.min_characters, tuple(table.parts)
        )
    decisions = tuple(table.decisions) if table.decisions else criterion.decisions
    if decisions == CRITERION_DECISIONS:
        decisions = (MET,)
    return Signed(table.id or number, table.subject or criterion.id, decisions)


def _arguments(table: MeasuredTable, path: Path, where: str) -> MeasureArguments:
    measure = MEASURES[table.measure]
    try:
        return measure.arguments.model_validate(table.arguments)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        place = f"{where}.arguments.{name}"
        known = list(measure.arguments.model_fields)
        if first["type"] == "extra_forbidden":
            takes = nearest(name, known) if known else f"`{measure.name}` takes none"
            raise PlanFileError(f"{path}: `{place}` is no argument of `{measure.name}`; {takes}") from error
        said = first["msg"].removeprefix("Value error, ")
        raise PlanFileError(f"{path}: `{place}`: {said}; got {first['input']!r}, so correct that value") from error
