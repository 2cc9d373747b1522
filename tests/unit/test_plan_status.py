"""Where the plan stands, from stored rows alone."""

from __future__ import annotations

from console.engine.plan import PlanStatus, load_plan, plan_status
from store.records import AnswerRecord, EvidenceRecord, SignoffRecord

PLAN = load_plan()


def _evidence(subject: str, number: int = 1) -> EvidenceRecord:
    return EvidenceRecord(
        id=f"e{number}", criterion_id=subject, kind="run", statement="40 of 40 beats", run_id="r1", recorded_at="t1"
    )


def _answer(subject: str, body: str = "faster", at: str = "t1") -> AnswerRecord:
    return AnswerRecord(id=f"a-{at}", subject_id=subject, body=body, author="Ada", written_at=at)


def _signoff(subject: str, decision: str, at: str = "t1") -> SignoffRecord:
    return SignoffRecord(
        id=f"s-{subject}-{at}", subject_id=subject, decision=decision, statement="so", signed_by="Ada", signed_at=at
    )


def _state(status: PlanStatus, criterion_id: str) -> str:
    found = status.criterion(criterion_id)
    assert found is not None
    return found.state


def test_a_criterion_without_rows_has_no_evidence() -> None:
    assert _state(plan_status(PLAN), "phase-1.exit.1") == "no evidence"


def test_evidence_alone_never_settles_a_criterion() -> None:
    many = [_evidence("phase-1.exit.1", number) for number in range(3)]
    status = plan_status(PLAN, many)
    assert _state(status, "phase-1.exit.1") == "has evidence (3)"
    assert status.phases[1].exit_settled == 0
    assert status.phases[1].touched == 1


def test_an_answer_is_shown_and_the_newest_counts() -> None:
    question = "phase-0.question.1"
    status = plan_status(PLAN, answers=[_answer(question, "new", "t2"), _answer(question, "old", "t1")])
    found = status.criterion(question)
    assert found is not None
    assert found.state == "answered"
    assert found.answer is not None
    assert found.answer.body == "new"
    assert len(found.answers) == 2


def test_a_signature_outranks_what_it_rests_on_and_the_newest_counts() -> None:
    subject = "phase-1.exit.1"
    signed = [_signoff(subject, "met", "t2"), _signoff(subject, "not met", "t1")]
    status = plan_status(PLAN, [_evidence(subject)], [_answer(subject)], signed)
    assert _state(status, subject) == "signed: met"
    assert status.phases[1].exit_settled == 1


def test_not_met_leaves_a_criterion_open() -> None:
    status = plan_status(PLAN, signoffs=[_signoff("phase-1.exit.1", "not met")])
    assert _state(status, "phase-1.exit.1") == "signed: not met"
    assert status.phases[1].exit_settled == 0


def test_a_recommendation_to_abandon_settles_the_criterion_that_asks_for_one() -> None:
    status = plan_status(PLAN, signoffs=[_signoff("phase-1.exit.3", "abandon")])
    assert status.phases[1].exit_settled == 1


def test_a_decision_that_the_criterion_does_not_know_settles_nothing() -> None:
    status = plan_status(PLAN, signoffs=[_signoff("phase-1.exit.1", "abandon"), _signoff("phase-3.exit.3", "met")])
    assert status.phases[1].exit_settled == 0
    assert status.phases[3].exit_settled == 0
    assert _state(status, "phase-1.exit.1") == "signed: abandon"


def test_a_phase_is_complete_once_every_exit_criterion_is_settled() -> None:
    both = [_signoff("phase-0.exit.1", "met"), _signoff("phase-0.exit.2", "met")]
    assert plan_status(PLAN, signoffs=both[:1]).phases_complete == 0
    status = plan_status(PLAN, signoffs=both)
    assert status.phases_complete == 1
    assert status.phases[0].complete
    assert status.phases[0].exit_total == 2


def test_a_phase_and_the_plan_are_signed_as_a_whole() -> None:
    status = plan_status(PLAN, signoffs=[_signoff("phase-1", "pause"), _signoff("plan", "continue")])
    signed = status.phases[1].signed
    assert signed is not None
    assert signed.decision == "pause"
    assert [row.decision for row in status.signoffs] == ["continue"]
    assert not status.phases[1].complete


def test_rows_of_a_subject_that_the_plan_no_longer_has_are_left_out() -> None:
    status = plan_status(PLAN, [_evidence("phase-9.exit.1")])
    assert status.criterion("phase-9.exit.1") is None
    assert sum(phase.touched for phase in status.phases) == 0
