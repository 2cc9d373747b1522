"""What a plan file may say: the plan itself, or phases and criteria added to it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from console.engine.plan.requirement_file import ID_PATTERN, AnyAddedTable, AnyRequirementTable


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ItemTable(_Strict):
    """One criterion with more than its text."""

    text: Annotated[str, Field(min_length=1)]
    id: Annotated[str, Field(pattern=ID_PATTERN)] | None = None
    """Last part of the criterion's id in place of its number; needed when a file adds to another file's list."""
    decisions: Annotated[list[str], Field(min_length=1)] | None = None
    """The decisions that settle it, where these are not `met` and `not met`."""
    required: bool = True
    """Whether its phase is incomplete without it."""
    requires: list[AnyRequirementTable] = []
    """What has to hold before it is met; without any it is signed."""
    closes: list[str] = []
    """Guardrails only: keys of the phases that are closed while it is not met."""


def _form(value: Any) -> str:
    return "text" if isinstance(value, str) else "table"


Item = Annotated[
    Annotated[str, Field(min_length=1), Tag("text")] | Annotated[ItemTable, Tag("table")], Discriminator(_form)
]


class NoteTable(_Strict):
    """A list of a phase that is read, not signed: its scope, its metrics, what to avoid."""

    heading: Annotated[str, Field(min_length=1)]
    items: list[str]


class RiskTable(_Strict):
    """One risk."""

    title: Annotated[str, Field(min_length=1)]
    text: Annotated[str, Field(min_length=1)]


class SequencingTable(_Strict):
    """The recommended order of phases, and why."""

    order: list[str]
    reasoning: list[str] = []


class PhaseTable(_Strict):
    """One phase; in a later file, what it adds to the phase of the same key."""

    key: Annotated[str, Field(pattern=ID_PATTERN)]
    title: str | None = None
    objective: str | None = None
    checked: bool = False
    """Whether `sidebeat phases --check` fails while a required criterion of it is not met."""
    deliverables: list[Item] = []
    questions: list[Item] = []
    verify: list[Item] = []
    exit: list[Item] = []
    notes: list[NoteTable] = []


class PlanFile(_Strict):
    """One plan file. The first file of a plan has a title and a goal; later ones add to it."""

    schema_version: Literal[1] = Field(alias="schema")
    title: str | None = None
    issue: str | None = None
    date: str | None = None
    goal: str | None = None
    target_chosen_by: str | None = None
    """Id of the criterion whose signed decision names the first target, the existing adapter's runtime."""
    decision_summary: list[str] = []
    success: list[Item] = []
    guardrails: list[Item] = []
    non_goals: list[str] = []
    risks: list[RiskTable] = []
    sequencing: SequencingTable | None = None
    next_action: str | None = None
    phases: list[PhaseTable] = []
    requirements: list[AnyAddedTable] = []
    """What is asked besides of criteria of other files, or in place of what is asked there."""


def plan_schema() -> dict[str, Any]:
    """The JSON Schema of a plan file, as committed in `console/engine/plan/plan.schema.json`."""
    return PlanFile.model_json_schema(by_alias=True)
