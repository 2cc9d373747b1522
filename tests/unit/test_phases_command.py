"""`sidebeat phases`: states with their numbers, `--check`, answers and signatures from the command line."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from console.cli.common import Choices, Refusal
from console.cli.phases import phases
from console.engine.paths import ConsolePaths
from store import Queries, Store
from store.records import AnswerRecord, SignoffRecord
from tests.unit.plan_rows import beats, runtimes
from tests.unit.store_samples import fixed_clock

ANSWER = "A developer sees on one screen where two runtimes part."


@pytest.fixture
def choices(tmp_path: Path) -> Choices:
    return Choices(
        ConsolePaths(tmp_path / "s.sqlite", tmp_path / "data", tmp_path / "config", tmp_path / "cache"), False
    )


def _run(choices: Choices, *arguments: str) -> Result:
    result = CliRunner().invoke(phases, arguments, obj=choices)
    if result.exception is not None and not isinstance(result.exception, Refusal):
        raise result.exception
    return result


def _refusal(choices: Choices, *arguments: str) -> Refusal:
    refusal = _run(choices, *arguments).exception
    assert isinstance(refusal, Refusal)
    return refusal


async def _stored(choices: Choices) -> tuple[list[AnswerRecord], list[SignoffRecord]]:
    async with await Queries.open(choices.paths.database) as queries:
        return await queries.all_answers(), await queries.signoffs()


async def _fill(choices: Choices) -> None:
    async with await Store.open(choices.paths.database, fixed_clock) as store:
        for write in (*runtimes(), *beats(40)):
            store.put(write)


def test_without_a_database_nothing_is_met_and_documents_are_read(choices: Choices) -> None:
    output = _run(choices).output
    assert "phase 1 of 5, 0 met" in output
    assert "Phase 0: constraints and experiment design (0 of 9 met)" in output
    assert "continue, pause or abandon, to be signed" in output
    assert not choices.paths.database.exists()


def test_it_prints_states_with_their_numbers(choices: Choices) -> None:
    asyncio.run(_fill(choices))
    lines = _run(choices).output.splitlines()
    flow = next(number for number, line in enumerate(lines) if "phase-1.verify.1" in line)
    assert lines[flow].split()[0] == "met"
    assert lines[flow + 1].strip() == "agentos_local/pi 40 of 40 beats end to end; Wilson ≥ 91.2%"
    reliable = next(line for line in lines if "phase-1.exit.1" in line)
    assert reliable.strip().startswith("not settled: 33 more")
    asked = _run(choices, "--requirements").output
    assert "beats that succeeded, at least 95% by Wilson's 95% interval, from 10 beats on" in asked


def test_json_has_the_runs_behind_each_number(choices: Choices) -> None:
    asyncio.run(_fill(choices))
    read: dict[str, Any] = json.loads(_run(choices, "--json").output)
    (flow,) = read["phases"][1]["criteria"][0]["requirements"]
    assert (flow["measure"], flow["threshold"], flow["n"], len(flow["runs"])) == ("beats_end_to_end", 0.9, 40, 40)
    assert flow["arguments"]["of"] == "best"
    assert read["guardrail"]["is_closed"] is False
    assert "phase-1.exit.1" in read["failing"]


def test_check_fails_with_the_criteria_that_are_not_met(choices: Choices) -> None:
    refusal = _refusal(choices, "--check")
    assert refusal.exit_code == 1
    assert "phase-0.question.1, " in str(refusal)
    assert "phase-2" not in str(refusal)


def test_check_is_content_once_everything_required_is_met_or_signed(choices: Choices) -> None:
    read = json.loads(_run(choices, "--json").output)
    for criterion in [item for phase in read["phases"][:2] for item in phase["criteria"]]:
        _run(choices, "--sign", criterion["id"], criterion["decisions"][0], "--by", "Ada", "--because", "seen")
    override = ("--sign", "phase-0.exit.2", "override", "--by", "Ada", "--because", "agreed by mail")
    assert _run(choices, *override, "--check").exit_code == 0


def test_an_answer_and_a_signature_are_stored(choices: Choices) -> None:
    sign = ("--sign", "phase-0.exit.1", "pi_local", "--because", "the same pi in both", "--by", "Ada")
    output = _run(choices, "--answer", "phase-0.question.1", ANSWER, *sign).output
    assert "target pi_local" in output
    answers, signoffs = asyncio.run(_stored(choices))
    assert [(row.subject_id, row.body, row.author) for row in answers] == [("phase-0.question.1", ANSWER, "Ada")]
    assert [(row.subject_id, row.decision, row.statement) for row in signoffs] == [
        ("phase-0.exit.1", "pi_local", "the same pi in both")
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--answer", "phase-0.question.11", "x", "--by", "Ada"], "did you mean `phase-0.question.1`?"),
        (["--answer", "phase-0", "x", "--by", "Ada"], "`phase-0` is no criterion; answer one of its criteria"),
        (["--answer", "phase-0.question.1", " ", "--by", "Ada"], "the answer is empty"),
        (["--answer", "phase-0.question.1", "x"], "give one with --by NAME"),
        (["--sign", "phase-0.exit.1", "pi_locl", "--by", "Ada", "--because", "x"], "did you mean `pi_local`?"),
        (["--sign", "phase-1.exit.1", "met", "--by", "Ada", "--because", "x"], "cannot be signed on phase-1.exit.1"),
        (["--sign", "phase-0.exit.1", "pi_local", "--because", "x"], "a signature has a name"),
        (["--sign", "phase-0.exit.1", "pi_local", "--by", "Ada"], "give it with --because REASON"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_sentence(choices: Choices, arguments: list[str], said: str) -> None:
    refusal = _refusal(choices, *arguments)
    assert refusal.exit_code == 2
    assert said in str(refusal)


def test_what_a_guardrail_closes_cannot_be_signed_before_the_guardrail_is(choices: Choices) -> None:
    because = ("--by", "Ada", "--because", "too heavy")
    output = _run(choices, "--sign", "guardrail.4", "not met", *because).output
    assert "Phase 2: capability-based runtime permissions (0 of 3 met), closed by a guardrail" in output
    assert "sign `override` on guardrail.4 with a reason to open them" in output
    assert "is closed by a guardrail" in str(_refusal(choices, "--sign", "phase-2.exit.1", "met", *because))
    assert "is closed by a guardrail" in str(_refusal(choices, "--answer", "phase-2.exit.1", "x", *because[:2]))
    _run(choices, "--sign", "guardrail.4", "override", *because)
    assert "(1 of 3 met)" in _run(choices, "--sign", "phase-2.exit.1", "met", *because).output
