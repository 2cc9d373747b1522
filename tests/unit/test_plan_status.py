"""Where the plan stands, from stored rows and findings alone."""

from __future__ import annotations

from collections.abc import Sequence

from console.engine.plan import Documented, Findings, PlanRows, PlanStatus, load_plan, plan_status
from console.engine.plan.measures.measure import Finding
from console.engine.plan.wording import criterion_state, found_for, how_to_open
from console.engine.statistics.figures import Interval
from store.records import AnswerRecord, EvidenceRecord, SignoffRecord

PLAN = load_plan()
QUESTION = "phase-0.question.1"
RELIABLE = "phase-1.exit.1"
RECOMMENDATION = "phase-1.exit.3"
SCHEMA = "phase-2.exit.1"
BURDEN = "guardrail.4"
HEAVY = {(BURDEN, "memory"): Finding("memory 20.00x", 20, 20.0, interval=Interval(19.0, 21.0))}
LONG = "A developer sees where two runtimes part, on identical model bytes."


def _evidence(subject: str, number: int = 1) -> EvidenceRecord:
    return EvidenceRecord(
        id=f"e{number}", criterion_id=subject, kind="run", statement="40 of 40 beats", run_id="r1", recorded_at="t1"
    )


def _answer(subject: str, body: str = LONG, at: str = "t1") -> AnswerRecord:
    return AnswerRecord(id=f"a-{subject}-{at}", subject_id=subject, body=body, author="Ada", written_at=at)


def _signoff(subject: str, decision: str, at: str = "t1") -> SignoffRecord:
    return SignoffRecord(
        id=f"s-{subject}-{at}", subject_id=subject, decision=decision, statement="so", signed_by="Ada", signed_at=at
    )


def _status(
    *signoffs: SignoffRecord,
    answers: Sequence[AnswerRecord] = (),
    evidence: Sequence[EvidenceRecord] = (),
    findings: Findings | None = None,
) -> PlanStatus:
    return plan_status(PLAN, PlanRows(evidence, answers, signoffs), findings)


def _measured(successes: int, n: int) -> Findings:
    return Findings({(RELIABLE, "reliable"): Finding(f"{successes} of {n} beats", n, successes / n, successes)})


def _words(status: PlanStatus, criterion_id: str) -> str:
    found = status.criterion(criterion_id)
    assert found is not None
    return criterion_state(found)


def test_without_rows_nothing_is_met() -> None:
    status = _status()
    assert {item.state for item in status.criteria()} == {"no evidence", "awaiting signature"}
    assert _words(status, RECOMMENDATION) == "awaiting signature"
    assert status.phases_complete == 0


def test_a_measure_meets_a_criterion_without_a_signature() -> None:
    status = _status(findings=_measured(73, 73))
    assert _words(status, RELIABLE) == "met"
    assert status.phases[1].met == 1
    found = status.criterion(RELIABLE)
    assert found is not None
    assert found_for(found) == "73 of 73 beats; Wilson ≥ 95%"


def test_what_is_not_settled_says_how_many_more() -> None:
    assert _words(_status(findings=_measured(54, 54)), RELIABLE) == "not settled: 19 more"


def test_a_signature_overrides_a_measurement_and_is_shown_as_one() -> None:
    status = _status(_signoff(RELIABLE, "override"), findings=_measured(3, 20))
    assert _words(status, RELIABLE) == "met by signature (found: not met)"
    assert status.phases[1].met == 1
    refused = _status(_signoff(RELIABLE, "not met"), findings=_measured(73, 73))
    assert _words(refused, RELIABLE) == "not met by signature (found: met)"


def test_a_signature_from_before_there_was_a_measure_counts_as_an_override() -> None:
    assert _words(_status(_signoff(RELIABLE, "met")), RELIABLE) == "met by signature (found: no evidence)"


def test_the_newest_signature_counts() -> None:
    signed = [_signoff(SCHEMA, "met", "t2"), _signoff(SCHEMA, "not met", "t1")]
    assert _words(_status(*signed), SCHEMA) == "signed: met"


def test_a_criterion_without_requirements_waits_for_its_signature_once_there_is_anything() -> None:
    assert _words(_status(), SCHEMA) == "no evidence"
    assert _words(_status(evidence=[_evidence(SCHEMA)]), SCHEMA) == "awaiting signature"
    assert _words(_status(answers=[_answer(SCHEMA)]), SCHEMA) == "awaiting signature"
    assert _words(_status(_signoff(SCHEMA, "not met")), SCHEMA) == "signed: not met"


def test_stored_evidence_of_a_measured_criterion_is_kept_and_decides_nothing() -> None:
    found = _status(evidence=[_evidence(RELIABLE, number) for number in range(3)]).criterion(RELIABLE)
    assert found is not None
    assert (len(found.evidence), found.state) == (3, "no evidence")


def test_a_question_is_met_by_an_answer_of_some_length_and_the_newest_counts() -> None:
    answers = [_answer(QUESTION, LONG, "t2"), _answer(QUESTION, "short", "t1")]
    found = _status(answers=answers).criterion(QUESTION)
    assert found is not None
    assert (found.state, len(found.answers)) == ("met", 2)
    short = _status(answers=[_answer(QUESTION, "faster")]).criterion(QUESTION)
    assert short is not None
    assert short.state == "not met"
    assert short.statement == "the answer to phase-0.question.1 has 6 of at least 40 characters"


def test_the_brief_is_met_by_the_answers_to_its_four_questions() -> None:
    answers = [_answer(f"phase-0.question.{number}") for number in range(1, 5)]
    assert _words(_status(answers=answers), "phase-0.deliverable.1") == "met"
    assert _words(_status(answers=answers[:3]), "phase-0.deliverable.1") == "not settled"


def test_one_signature_chooses_the_target_for_the_deliverable_too() -> None:
    status = _status(_signoff("phase-0.exit.1", "opencode_local"))
    assert status.target == "opencode_local"
    assert _words(status, "phase-0.exit.1") == "signed: opencode_local"
    assert _words(status, "phase-0.deliverable.2") == "met"
    assert _status(_signoff("phase-0.exit.1", "met")).target is None


def test_a_recommendation_to_abandon_settles_the_criterion_that_asks_for_one() -> None:
    assert _words(_status(_signoff(RECOMMENDATION, "abandon")), RECOMMENDATION) == "signed: abandon"


def test_a_decision_that_the_criterion_does_not_know_settles_nothing() -> None:
    status = _status(_signoff(RELIABLE, "abandon"), _signoff("phase-3.exit.3", "met"))
    assert (status.phases[1].met, status.phases[3].met) == (0, 0)


def test_a_document_that_is_there_is_documented() -> None:
    (path,) = [
        requirement.document
        for criterion in PLAN.criteria()
        for requirement in criterion.requirements
        if isinstance(requirement, Documented) and requirement.document is not None
    ]
    found = _status(findings=Findings(documents={str(path): "name = 1"})).criterion("phase-0.deliverable.3")
    assert found is not None
    assert [item.state for item in found.requirements] == ["met", "no evidence"]


def test_a_phase_is_complete_once_everything_that_it_requires_is_met() -> None:
    three = [_signoff(f"phase-2.exit.{number}", "met") for number in (1, 2, 3)]
    assert _status(*three[:2]).phases_complete == 0
    status = _status(*three)
    assert status.phases_complete == 1
    assert (status.phases[2].met, status.phases[2].total, status.current) == (3, 3, 1)


def test_check_fails_for_required_criteria_of_phases_0_and_1_only() -> None:
    failing = {item.criterion.phase for item in _status().failing}
    assert failing == {"phase-0", "phase-1"}
    assert RELIABLE not in {item.criterion.id for item in _status(findings=_measured(73, 73)).failing}


def test_a_burden_that_is_clearly_too_high_closes_the_later_phases() -> None:
    status = _status(_signoff(SCHEMA, "met"), findings=Findings(HEAVY))
    assert status.gate is not None
    assert status.gate.is_closed
    assert "stop after Phase 1 if the operational burden is already clearly too high: memory 20.00x" in (
        status.gate.reason
    )
    assert [phase.closed_by is not None for phase in status.phases] == [False, False, True, True, True]
    assert how_to_open(status) == "sign `override` on guardrail.4 with a reason to open them"


def test_a_burden_that_is_not_clearly_too_high_closes_nothing() -> None:
    unsure = {(BURDEN, "memory"): Finding("", 20, 9.9, interval=Interval(7.0, 12.0))}
    status = _status(findings=Findings(unsure))
    assert status.gate is not None
    assert not status.gate.is_closed
    assert how_to_open(status) == ""


def test_a_signed_reason_opens_what_the_guardrail_closed_and_a_signature_can_close_it() -> None:
    opened = _status(_signoff(BURDEN, "override"), findings=Findings(HEAVY))
    assert opened.gate is not None
    assert not opened.gate.is_closed
    closed = _status(_signoff(BURDEN, "not met"))
    assert closed.gate is not None
    assert closed.gate.is_closed
    assert closed.gate.reason.endswith("Ada: so")


def test_a_closed_phase_is_not_complete_whatever_was_signed() -> None:
    three = [_signoff(f"phase-2.exit.{number}", "met") for number in (1, 2, 3)]
    assert not _status(*three, findings=Findings(HEAVY)).phases[2].complete


def test_a_phase_and_the_plan_are_signed_as_a_whole() -> None:
    status = _status(_signoff("phase-1", "pause"), _signoff("plan", "continue"))
    signed = status.phases[1].signed
    assert signed is not None
    assert signed.decision == "pause"
    assert [row.decision for row in status.signoffs] == ["continue"]
    assert not status.phases[1].complete


def test_rows_of_a_subject_that_the_plan_no_longer_has_are_left_out() -> None:
    status = _status(evidence=[_evidence("phase-9.exit.1")])
    assert status.criterion("phase-9.exit.1") is None
