"""Plan files of the operator's own, and what is said of those that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.engine.plan import SHIPPED, Plan, PlanFileError, load_plan

BASE = """
schema = 1
title = "A plan"
goal = "to know"
guardrails = ["keep it small"]

[[phases]]
key = "phase-0"
title = "First"
exit = ["chosen"]
"""


def _plan(folder: Path, *contents: str) -> Plan:
    paths: list[Path] = []
    for number, content in enumerate(contents):
        path = folder / f"plan-{number}.toml"
        path.write_text(content, "utf-8")
        paths.append(path)
    return load_plan(paths)


def _refusal(folder: Path, *contents: str) -> str:
    with pytest.raises(PlanFileError) as caught:
        _plan(folder, *contents)
    return str(caught.value)


def test_a_second_file_adds_a_phase_and_a_criterion(tmp_path: Path) -> None:
    more = """
    schema = 1
    guardrails = [{ id = "no-network", text = "no network" }]
    [[phases]]
    key = "phase-0"
    exit = [{ id = "priced", text = "its price is known" }]
    [[phases]]
    key = "phase-9"
    title = "Last"
    questions = ["why"]
    """
    plan = _plan(tmp_path, BASE, more)
    assert [item.id for item in plan.criteria()] == [
        "phase-0.exit.1",
        "phase-0.exit.priced",
        "phase-9.question.1",
        "guardrail.1",
        "guardrail.no-network",
    ]


def test_the_shipped_plan_can_be_added_to(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(
        'schema = 1\n[[phases]]\nkey = "phase-1"\nexit = [{ id = "cost", text = "cost is known" }]\n', "utf-8"
    )
    ids = [item.id for item in load_plan([SHIPPED, mine]).phases[1].of_kind("exit")]
    assert ids == ["phase-1.exit.1", "phase-1.exit.2", "phase-1.exit.3", "phase-1.exit.cost"]


def test_sequencing_orders_the_phases_and_leaves_others_behind(tmp_path: Path) -> None:
    more = """
    schema = 1
    [[phases]]
    key = "early"
    title = "Early"
    [sequencing]
    order = ["early"]
    """
    assert [phase.key for phase in _plan(tmp_path, BASE, more).phases] == ["early", "phase-0"]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("schema = 1\nguardrail = []", "`guardrail` is not a key of a plan file; did you mean `guardrails`?"),
        ("schema = 2", "`schema`: Input should be 1; got 2"),
        ("title = 'x'", "`schema` is missing; add it"),
        ("schema = ", "not TOML"),
        ("schema = 1\n[[phases]]\nkey = 'new'", "`phases.new.title` is missing; add it, or use the key of a known"),
        ("schema = 1\n[[phases]]\nkey = 'No!'\ntitle = 'x'", "`phases.0.key`: String should match pattern"),
        ("schema = 1\nguardrails = ['x']", "`guardrails[0]` adds to another file's list without an id; write it as"),
        (
            "schema = 1\nguardrails = [{id = 'a', text = 'x'}, {id = 'a', text = 'y'}]",
            "`guardrails[1].id` repeats `guardrail.a`; choose another id",
        ),
        (
            "schema = 1\nsequencing = { order = ['phase-7'] }",
            "`sequencing.order[0]` names `phase-7`, which is no phase; known are: phase-0",
        ),
    ],
)
def test_a_bad_file_gives_one_sentence_with_file_field_and_remedy(tmp_path: Path, second: str, expected: str) -> None:
    message = _refusal(tmp_path, BASE, second)
    assert message.startswith(f"{tmp_path / 'plan-1.toml'}: ")
    assert expected in message
    assert "\n" not in message


def test_the_first_file_needs_a_title_and_a_goal(tmp_path: Path) -> None:
    assert "`title` is missing; the first plan file needs it" in _refusal(tmp_path, "schema = 1")
    assert "`goal` is missing" in _refusal(tmp_path, "schema = 1\ntitle = 'x'")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError, match=r"gone\.toml: cannot be read .* check the path"):
        load_plan([tmp_path / "gone.toml"])


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes(b"title = '\xe9'")
    with pytest.raises(PlanFileError, match=r"latin\.toml: not UTF-8 at byte 9; save it as UTF-8"):
        load_plan([path])
