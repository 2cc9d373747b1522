"""The follow-up plan as data: its phases and criteria, and where they stand."""

from console.engine.plan.assemble import PlanFileError
from console.engine.plan.file import PlanFile, plan_schema
from console.engine.plan.load import SHIPPED, load_plan, read_plan_file
from console.engine.plan.model import (
    CRITERION_DECISIONS,
    PHASE_DECISIONS,
    WHOLE_PLAN,
    Criterion,
    Note,
    Phase,
    Plan,
    Risk,
    Subject,
    plan_records,
)
from console.engine.plan.status import CriterionStatus, PhaseStatus, PlanStatus, plan_status

__all__ = [
    "CRITERION_DECISIONS",
    "PHASE_DECISIONS",
    "SHIPPED",
    "WHOLE_PLAN",
    "Criterion",
    "CriterionStatus",
    "Note",
    "Phase",
    "PhaseStatus",
    "Plan",
    "PlanFile",
    "PlanFileError",
    "PlanStatus",
    "Risk",
    "Subject",
    "load_plan",
    "plan_records",
    "plan_schema",
    "plan_status",
    "read_plan_file",
]
