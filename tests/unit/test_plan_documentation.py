"""docs/criteria.md says what there is, and its example is a plan file that works."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import jsonschema
import pytest

from console.engine.plan import SHIPPED, Measured, load_plan, plan_schema
from console.engine.plan.measures import MEASURES
from console.engine.plan.wording import asked

PAGE = (Path(__file__).parents[2] / "docs" / "criteria.md").read_text("utf-8")
(EXAMPLE,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_every_measure_and_each_of_its_arguments_is_explained() -> None:
    for measure in MEASURES.values():
        assert f"| `{measure.name}` |" in PAGE
        for argument in measure.arguments.model_fields:
            assert f"`{argument}`" in PAGE, (measure.name, argument)


@pytest.mark.parametrize("state", ["met", "not met", "not settled", "no evidence", "awaiting signature"])
def test_every_state_is_explained(state: str) -> None:
    assert f"| {state} |" in PAGE


def test_the_example_adds_to_the_shipped_plan_without_python(tmp_path: Path) -> None:
    jsonschema.validate(tomllib.loads(EXAMPLE), plan_schema())
    mine = tmp_path / "mine.toml"
    mine.write_text(EXAMPLE, "utf-8")
    plan = load_plan([SHIPPED, mine])
    criteria = {item.id: item for item in plan.criteria()}
    (resume,) = criteria["phase-1.verify.2"].requirements
    assert asked(resume).endswith("(set by mine.toml)")
    memory = next(item for item in criteria["guardrail.4"].requirements if item.id == "memory")
    assert isinstance(memory, Measured)
    assert (memory.at_most, len(criteria["guardrail.4"].requirements)) == (4.0, 5)
    assert [item.id for item in criteria["phase-1.exit.2"].requirements] == ["experiment", "report", "review"]
    assert criteria["phase-1.exit.restart"].is_measured
    assert criteria["pilot.exit.1"].decisions == ("kept", "dropped")


def test_the_commands_of_the_page_name_what_the_shipped_plan_has() -> None:
    subjects = load_plan().subjects()
    for subject, decision in re.findall(r"--sign (\S+) (\S+)", PAGE):
        assert decision in subjects[subject].decisions
    for subject in re.findall(r"--answer (\S+)", PAGE):
        assert subject in subjects
