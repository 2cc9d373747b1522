"""Plan files put together: the first is the plan, the others add phases and criteria."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from console.engine.plan.assemble_requirements import (
    PlanFileError,
    nearest,
    refuse_unknown_subjects,
    with_added,
    with_requirements,
)
from console.engine.plan.file import Item, ItemTable, PhaseTable, PlanFile
from console.engine.plan.model import CRITERION_DECISIONS, WHOLE_PLAN, Criterion, Note, Phase, Plan, Risk
from console.engine.plan.requirement_file import AnyAddedTable
from store.records import CriterionKind

_KINDS: Final[tuple[tuple[CriterionKind, str], ...]] = (
    ("question", "questions"),
    ("deliverable", "deliverables"),
    ("verify", "verify"),
    ("exit", "exit"),
)


@dataclass(slots=True)
class _Draft:
    """A plan while its files are being read."""

    phases: dict[str, Phase] = field(default_factory=dict[str, Phase])
    success: list[Criterion] = field(default_factory=list[Criterion])
    guardrails: list[Criterion] = field(default_factory=list[Criterion])
    known_ids: set[str] = field(default_factory=set[str])
    order: list[str] = field(default_factory=list[str])
    order_path: Path | None = None


def assemble_plan(files: Sequence[tuple[Path, PlanFile]]) -> Plan:
    """One plan from its files in order. Raises PlanFileError."""
    first_path, first = files[0]
    if first.title is None or first.goal is None:
        missing = "title" if first.title is None else "goal"
        raise PlanFileError(f"{first_path}: `{missing}` is missing; the first plan file needs it, so add it")
    draft = _Draft()
    for path, content in files:
        _add_file(draft, path, content)
    for path, content in files:
        _add_requirements(draft, path, content)
    contents = [content for _, content in files]
    plan = Plan(
        title=first.title,
        goal=first.goal,
        phases=_ordered(draft),
        success=tuple(draft.success),
        guardrails=tuple(draft.guardrails),
        issue=first.issue or "",
        date=first.date or "",
        decision_summary=_joined(content.decision_summary for content in contents),
        non_goals=_joined(content.non_goals for content in contents),
        risks=tuple(Risk(risk.title, risk.text) for content in contents for risk in content.risks),
        sequencing_reasons=_joined(content.sequencing.reasoning for content in contents if content.sequencing),
        next_action=first.next_action or "",
        target_chosen_by=next((content.target_chosen_by for content in contents[::-1] if content.target_chosen_by), ""),
    )
    _refuse_unknown_names(plan, [path for path, _ in files])
    return plan


def _joined(lists: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(text for items in lists for text in items)


def _add_file(draft: _Draft, path: Path, content: PlanFile) -> None:
    draft.success += _criteria(draft, path, WHOLE_PLAN, "success", "success", content.success, bool(draft.success))
    draft.guardrails += _criteria(
        draft, path, WHOLE_PLAN, "guardrail", "guardrails", content.guardrails, bool(draft.guardrails)
    )
    for table in content.phases:
        _add_phase(draft, path, table)
    if content.sequencing is not None:
        draft.order, draft.order_path = content.sequencing.order, path


def _add_phase(draft: _Draft, path: Path, table: PhaseTable) -> None:
    known = draft.phases.get(table.key)
    if known is None and table.title is None:
        raise PlanFileError(f"{path}: `phases.{table.key}.title` is missing; add it, or use the key of a known phase")
    criteria: list[Criterion] = []
    for kind, field_name in _KINDS:
        items: list[Item] = getattr(table, field_name)
        criteria += _criteria(draft, path, table.key, kind, field_name, items, known is not None)
    notes = tuple(Note(note.heading, tuple(note.items)) for note in table.notes)
    if known is None:
        draft.phases[table.key] = Phase(
            table.key, table.title or "", table.objective or "", _by_kind(criteria), notes, table.checked
        )
        return
    draft.phases[table.key] = replace(
        known,
        title=table.title or known.title,
        objective=table.objective or known.objective,
        criteria=_by_kind([*known.criteria, *criteria]),
        notes=(*known.notes, *notes),
        checked=known.checked or table.checked,
    )


def _by_kind(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    rank = {kind: number for number, (kind, _) in enumerate(_KINDS)}
    return tuple(sorted(criteria, key=lambda item: rank[item.kind]))


def _criteria(
    draft: _Draft, path: Path, phase: str, kind: CriterionKind, field_name: str, items: Sequence[Item], adds: bool
) -> list[Criterion]:
    """`adds`: the list belongs to another file, where a number would change with the order of files."""
    where = field_name if phase == WHOLE_PLAN else f"phases.{phase}.{field_name}"
    prefix = kind if phase == WHOLE_PLAN else f"{phase}.{kind}"
    made: list[Criterion] = []
    for number, item in enumerate(items, start=1):
        table = item if isinstance(item, ItemTable) else ItemTable(text=item)
        if adds and table.id is None:
            raise PlanFileError(
                f"{path}: `{where}[{number - 1}]` adds to another file's list without an id; "
                f'write it as {{ id = "a-name", text = "..." }}'
            )
        criterion_id = f"{prefix}.{table.id or number}"
        if criterion_id in draft.known_ids:
            raise PlanFileError(f"{path}: `{where}[{number - 1}].id` repeats `{criterion_id}`; choose another id")
        draft.known_ids.add(criterion_id)
        decisions = tuple(table.decisions) if table.decisions else CRITERION_DECISIONS
        criterion = Criterion(
            criterion_id, phase, kind, table.text, decisions, required=table.required, closes=tuple(table.closes)
        )
        made.append(with_requirements(criterion, table, path, f"{where}[{number - 1}]"))
    return made


def _add_requirements(draft: _Draft, path: Path, content: PlanFile) -> None:
    for number, table in enumerate(content.requirements):
        where = f"requirements[{number}]"
        if table.criterion not in draft.known_ids:
            remedy = nearest(table.criterion, sorted(draft.known_ids))
            raise PlanFileError(
                f"{path}: `{where}.criterion` names `{table.criterion}`, which is no criterion; {remedy}"
            )

        def added(criterion: Criterion, table: AnyAddedTable = table, where: str = where) -> Criterion:
            return with_added(criterion, table, path, where) if criterion.id == table.criterion else criterion

        draft.success[:] = map(added, draft.success)
        draft.guardrails[:] = map(added, draft.guardrails)
        for key, phase in draft.phases.items():
            draft.phases[key] = replace(phase, criteria=tuple(map(added, phase.criteria)))


def _refuse_unknown_names(plan: Plan, paths: Sequence[Path]) -> None:
    criteria = plan.criteria()
    refuse_unknown_subjects(criteria, paths)
    ids, keys = [item.id for item in criteria], [phase.key for phase in plan.phases]
    if plan.target_chosen_by and plan.target_chosen_by not in ids:
        remedy = nearest(plan.target_chosen_by, ids)
        raise PlanFileError(f"{paths[0]}: `target_chosen_by` names `{plan.target_chosen_by}`; {remedy}")
    for criterion in criteria:
        unknown = next((key for key in criterion.closes if key not in keys), None)
        if unknown is not None:
            raise PlanFileError(f"{paths[0]}: `{criterion.id}` closes `{unknown}`; {nearest(unknown, keys)}")


def _ordered(draft: _Draft) -> tuple[Phase, ...]:
    for number, key in enumerate(draft.order):
        if key not in draft.phases:
            known = ", ".join(draft.phases)
            raise PlanFileError(
                f"{draft.order_path}: `sequencing.order[{number}]` names `{key}`, which is no phase; known are: {known}"
            )
    named = [draft.phases[key] for key in dict.fromkeys(draft.order)]
    return (*named, *(phase for key, phase in draft.phases.items() if key not in draft.order))
