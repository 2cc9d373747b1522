"""The shipped plan says what the plan says."""

from __future__ import annotations

import json
import tomllib

import jsonschema
import pytest

from console.engine.plan import SHIPPED, load_plan, plan_records, plan_schema
from store.records import CriterionKind

EXIT_CRITERIA = {
    "phase-0": """
- a single first target chosen
- measurable comparison criteria agreed on
""",
    "phase-1": """
- one agent type can run reliably through the new path
- documented comparison against the existing local adapter path
- explicit recommendation: continue, pause, or abandon
""",
    "phase-2": """
- documented capability schema
- one adapter path using it meaningfully
- clear compatibility story for non-agent-os adapters
""",
    "phase-3": """
- clear statement on which workload classes benefit
- clear statement on which workloads should stay on worktrees
- go/no-go decision for broader implementation
""",
    "phase-4": """
- one concrete proposal for typed-tool adoption in Paperclip
- clear statement on whether this belongs in plugins, adapters, or core services
""",
}
VERIFY = """
- checkout and heartbeat flow still work end to end
- resume across multiple heartbeats works
- logs/transcripts remain readable in the UI
- failure paths surface cleanly in issue comments and run logs
"""
AVOID = """
- building a full human policy UI before the vocabulary is proven useful
- forcing every adapter to implement capability enforcement immediately
"""
QUESTIONS = """
- what exact developer experience should improve
- what security/isolation property we expect to gain
- what failure modes are unacceptable
- whether the prototype is adapter-only or a deeper internal runtime abstraction spike
"""
DELIVERABLES = """
- short experiment brief added to this document or a child issue
- chosen first runtime target: pi_local or opencode_local
- baseline metrics definition
"""
METRICS = """
- cold start latency
- session resume reliability across heartbeats
- transcript/log quality
- implementation complexity
- operational complexity on local dev machines
"""
SUCCESS = """
- a clear yes/no answer on whether agent-os is worth supporting as an execution substrate
- a concrete adapter/runtime experiment with measurable results
- a proposed runtime capability model that fits current Paperclip adapters
- a clear decision on whether snapshot-backed execution roots are worth integrating
"""
GUARDRAILS = """
- keep all experiments behind a clearly experimental adapter or feature flag
- do not change issue/comment/approval/budget semantics to suit the runtime
- measure against current local adapters instead of judging in isolation
- stop after Phase 1 if the operational burden is already clearly too high
"""
NON_GOALS = """
- replace Paperclip heartbeats, issues, comments, approvals, or budgets with agent-os primitives
- introduce Rust/sidecar requirements for all local execution paths
- migrate all adapters at once
- add runtime workflow/queue abstractions to Paperclip core
"""


def _items(listed: str) -> list[str]:
    return [line.removeprefix("- ") for line in listed.strip().splitlines()]


PLAN = load_plan()
PHASES = {phase.key: phase for phase in PLAN.phases}


@pytest.mark.parametrize("key", EXIT_CRITERIA)
def test_each_phase_has_the_plans_exit_criteria_word_for_word(key: str) -> None:
    assert [item.text for item in PHASES[key].of_kind("exit")] == _items(EXIT_CRITERIA[key])


@pytest.mark.parametrize(
    ("phase", "kind", "listed"),
    [
        ("phase-0", "question", QUESTIONS),
        ("phase-0", "deliverable", DELIVERABLES),
        ("phase-1", "verify", VERIFY),
    ],
)
def test_a_phases_other_lists_are_the_plans(phase: str, kind: CriterionKind, listed: str) -> None:
    assert [item.text for item in PHASES[phase].of_kind(kind)] == _items(listed)


def test_what_holds_for_the_whole_plan_is_the_plans() -> None:
    assert [item.text for item in PLAN.success] == _items(SUCCESS)
    assert [item.text for item in PLAN.guardrails] == _items(GUARDRAILS)
    assert list(PLAN.non_goals) == _items(NON_GOALS)


def test_metrics_and_what_to_avoid_are_read_with_their_phase() -> None:
    notes = {(phase.key, note.heading): list(note.items) for phase in PLAN.phases for note in phase.notes}
    assert notes["phase-0", "Recommended metrics"] == _items(METRICS)
    assert notes["phase-2", "What to avoid"] == _items(AVOID)
    assert ("phase-1", "Suggested scope") in notes


def test_phases_come_in_the_recommended_order() -> None:
    assert list(PHASES) == ["phase-0", "phase-1", "phase-2", "phase-3", "phase-4"]
    assert PHASES["phase-1"].title == "Phase 1: agentos_local spike"
    assert len(PLAN.sequencing_reasons) == 4
    assert [risk.title.split()[0] for risk in PLAN.risks] == ["Technical", "Product", "Integration", "Scope"]


def test_ids_are_made_of_phase_kind_and_number() -> None:
    texts = {item.id: item.text for item in PLAN.criteria()}
    assert texts["phase-1.exit.1"] == "one agent type can run reliably through the new path"
    assert texts["phase-1.verify.2"] == "resume across multiple heartbeats works"
    assert texts["success.3"] == "a proposed runtime capability model that fits current Paperclip adapters"
    assert texts["guardrail.1"].startswith("keep all experiments behind")
    assert texts["phase-0.question.4"].startswith("whether the prototype is adapter-only")


def test_subjects_are_the_plan_its_phases_and_every_criterion() -> None:
    subjects = PLAN.subjects()
    assert len(subjects) == 1 + 5 + len(PLAN.criteria())
    assert subjects["phase-1"].decisions == ("continue", "pause", "abandon")
    assert subjects["phase-1.exit.1"].decisions == ("override", "not met")
    assert subjects["phase-2.exit.1"].decisions == ("met", "not met")
    assert subjects["phase-0.exit.1"].decisions == ("pi_local", "opencode_local")
    assert subjects["phase-1.exit.3"].decisions == ("continue", "pause", "abandon")
    assert subjects["phase-3.exit.3"].decisions == ("go", "no-go")
    assert subjects["plan"].text == PLAN.title


def test_records_carry_every_criterion_and_count_within_their_phase() -> None:
    records = plan_records(PLAN)
    assert [record.id for record in records] == [item.id for item in PLAN.criteria()]
    assert [record.position for record in records if record.phase == "phase-1"] == [1, 2, 3, 4, 5, 6, 7]
    assert {record.kind for record in records if record.phase == "plan"} == {"success", "guardrail"}


def test_the_committed_schema_is_the_models_and_the_shipped_file_obeys_it() -> None:
    committed = json.loads(SHIPPED.with_name("plan.schema.json").read_text("utf-8"))
    assert committed == plan_schema()
    jsonschema.validate(tomllib.loads(SHIPPED.read_text("utf-8")), committed)
