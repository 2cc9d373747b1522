"""What a plan file may say: the plan itself, or phases and criteria added to it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

PHASE_KEY_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
ITEM_ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ItemTable(_Strict):
    """One criterion with more than its text."""

    text: Annotated[str, Field(min_length=1)]
    id: Annotated[str, Field(pattern=ITEM_ID_PATTERN)] | None = None
    """Last part of the criterion's id in place of its number; needed when a file adds to another file's list."""
    decisions: Annotated[list[str], Field(min_length=1)] | None = None
    """The decisions that settle it, where these are not `met` and `not met`."""


Item = Annotated[str, Field(min_length=1)] | ItemTable


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

    key: Annotated[str, Field(pattern=PHASE_KEY_PATTERN)]
    title: str | None = None
    objective: str | None = None
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
    decision_summary: list[str] = []
    success: list[Item] = []
    guardrails: list[Item] = []
    non_goals: list[str] = []
    risks: list[RiskTable] = []
    sequencing: SequencingTable | None = None
    next_action: str | None = None
    phases: list[PhaseTable] = []


def plan_schema() -> dict[str, Any]:
    """The JSON Schema of a plan file, as committed in `console/engine/plan/plan.schema.json`."""
    return PlanFile.model_json_schema(by_alias=True)
