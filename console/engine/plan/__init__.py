"""The follow-up plan as data: its phases and criteria, and where they stand."""

from console.engine.plan.assemble_requirements import PlanFileError
from console.engine.plan.evaluation import evaluate_plan, phases_complete
from console.engine.plan.file import PlanFile, plan_schema
from console.engine.plan.judging import Findings, PlanRows, plan_status
from console.engine.plan.load import SHIPPED, load_plan, read_plan_file
from console.engine.plan.model import (
    CRITERION_DECISIONS,
    NOT_MET,
    OVERRIDE,
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
from console.engine.plan.requirements import Documented, Measured, Requirement, Signed
from console.engine.plan.states import RequirementStatus, State
from console.engine.plan.status import CriterionStatus, Gate, PhaseStatus, PlanStatus

__all__ = [
    "CRITERION_DECISIONS",
    "NOT_MET",
    "OVERRIDE",
    "PHASE_DECISIONS",
    "SHIPPED",
    "WHOLE_PLAN",
    "Criterion",
    "CriterionStatus",
    "Documented",
    "Findings",
    "Gate",
    "Measured",
    "Note",
    "Phase",
    "PhaseStatus",
    "Plan",
    "PlanFile",
    "PlanFileError",
    "PlanRows",
    "PlanStatus",
    "Requirement",
    "RequirementStatus",
    "Risk",
    "Signed",
    "State",
    "Subject",
    "evaluate_plan",
    "load_plan",
    "phases_complete",
    "plan_records",
    "plan_schema",
    "plan_status",
    "read_plan_file",
]
