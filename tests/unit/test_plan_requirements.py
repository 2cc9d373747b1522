"""Requirements in plan files: what they become, what may be added without Python, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.engine.plan import (
    SHIPPED,
    Criterion,
    Documented,
    Measured,
    Plan,
    PlanFile,
    PlanFileError,
    Signed,
    load_plan,
    plan_schema,
)
from console.engine.plan.measures import MEASURES
from console.engine.plan.wording import asked

BASE = """
schema = 1
title = "A plan"
goal = "to know"
guardrails = [{ text = "stay small", closes = ["phase-0"] }]

[[phases]]
key = "phase-0"
title = "First"

[[phases.exit]]
text = "works"
requires = [{ kind = "measured", measure = "beats_succeeded", id = "works", at_least = 0.9, confidence = "wilson" }]
"""


def _plan(folder: Path, *contents: str) -> Plan:
    paths: list[Path] = []
    for number, content in enumerate(contents):
        path = folder / f"plan-{number}.toml"
        path.write_text(content, "utf-8")
        paths.append(path)
    return load_plan(paths)


def _criterion(plan: Plan, criterion_id: str) -> Criterion:
    return next(item for item in plan.criteria() if item.id == criterion_id)


def _added(fields: str, criterion: str = "phase-0.exit.1") -> str:
    return f'schema = 1\n[[requirements]]\ncriterion = "{criterion}"\n{fields}\n'


def test_requirements_of_all_three_kinds_are_read(tmp_path: Path) -> None:
    more = """
    schema = 1
    [[phases]]
    key = "phase-1"
    title = "Second"
    checked = true
    [[phases.exit]]
    text = "shown"
    required = false
    [[phases.exit.requires]]
    kind = "measured"
    measure = "beats_resumed"
    arguments = { accepted = ["native", "recap"], of = "worst" }
    at_least = 0.8
    min_n = 5
    [[phases.exit.requires]]
    kind = "documented"
    parts = ["cost", "risk"]
    min_characters = 20
    [[phases.exit.requires]]
    kind = "documented"
    document = "note.md"
    [[phases.exit.requires]]
    kind = "signed"
    decisions = ["go", "no-go"]
    """
    plan = _plan(tmp_path, BASE, more)
    criterion = _criterion(plan, "phase-1.exit.1")
    measured, answer, document, signed = criterion.requirements
    assert isinstance(measured, Measured)
    assert measured.arguments.model_dump()["accepted"] == ("native", "recap")
    assert (measured.at_least, measured.min_n, measured.confidence) == (0.8, 5, "none")
    assert answer == Documented("2", "phase-1.exit.1", None, 20, ("cost", "risk"))
    assert isinstance(document, Documented)
    assert document.document == (tmp_path / "note.md").resolve()
    assert signed == Signed("4", "phase-1.exit.1", ("go", "no-go"))
    assert criterion.decisions == ("go", "no-go", "override", "not met")
    assert not criterion.required
    assert plan.phases[1].checked


def test_another_file_adds_a_requirement_to_a_criterion_and_is_named(tmp_path: Path) -> None:
    plan = _plan(tmp_path, BASE, _added('kind = "documented"\nparts = ["price"]'))
    works, priced = _criterion(plan, "phase-0.exit.1").requirements
    assert (works.id, priced.id, priced.added_by) == ("works", "2", "plan-1.toml")
    assert asked(priced) == "answer to phase-0.exit.1, with price (set by plan-1.toml)"


def test_another_file_replaces_a_requirement_by_its_id(tmp_path: Path) -> None:
    less = _added('kind = "measured"\nid = "works"\nmeasure = "beats_succeeded"\nat_least = 0.5')
    (only,) = _criterion(_plan(tmp_path, BASE, less), "phase-0.exit.1").requirements
    assert isinstance(only, Measured)
    assert (only.at_least, only.confidence, only.added_by) == (0.5, "none", "plan-1.toml")


def test_the_shipped_plan_takes_a_recap_as_resume_when_a_file_says_so(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    accepted = 'arguments = { accepted = ["native", "recap"], of = "best" }\nat_least = 0.9\nconfidence = "wilson"'
    mine.write_text(
        _added(f'kind = "measured"\nid = "resume"\nmeasure = "beats_resumed"\n{accepted}', "phase-1.verify.2"), "utf-8"
    )
    (only,) = _criterion(load_plan([SHIPPED, mine]), "phase-1.verify.2").requirements
    assert isinstance(only, Measured)
    assert only.arguments.model_dump()["accepted"] == ("native", "recap")


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (
            _added('kind = "measured"\nmeasure = "beats_suceeded"\nat_least = 0.9'),
            "`requirements.0.measure`: there is no measure `beats_suceeded`; did you mean `beats_succeeded`?",
        ),
        (
            _added('kind = "measured"\nmeasure = "beats_succeeded"\nat_leest = 0.9'),
            "`requirements.0.at_leest` is not a key of a plan file; did you mean `at_least`?",
        ),
        (
            _added('kind = "measured"\nmeasure = "beats_succeeded"\nat_least = 0.9\narguments = { runtime = "all" }'),
            "`requirements[0].arguments.runtime` is no argument of `beats_succeeded`; did you mean `runtimes`?",
        ),
        (
            _added(
                'kind = "measured"\nmeasure = "beats_resumed"\nat_least = 0.9\narguments = { accepted = ["nativ"] }'
            ),
            "`requirements[0].arguments.accepted.0`: Input should be 'native', 'recap', 'fresh' or 'failed'",
        ),
        (_added('kind = "measured"\nmeasure = "beats_succeeded"'), "is a number; give it either `at_least` or"),
        (
            _added('kind = "measured"\nmeasure = "beats_succeeded"\nat_least = 95'),
            "a rate is between 0 and 1; correct `at_least`",
        ),
        (_added('kind = "measured"\nmeasure = "report_fresh"\nat_least = 1'), "is yes or no; remove at_least"),
        (
            _added('kind = "measured"\nmeasure = "ratio_to_baseline"\nat_most = 2\nconfidence = "wilson"'),
            "Wilson's interval is of a rate",
        ),
        (
            _added('kind = "measured"\nmeasure = "ratio_to_baseline"\nat_most = 2\narguments = { metric = "cold" }'),
            "`requirements[0].arguments.metric`: there is no metric `cold`",
        ),
        (_added('kind = "mesured"'), "`requirements.0`: Input tag 'mesured' found using 'kind' does not match"),
        (_added('measure = "beats_succeeded"'), "`requirements.0.kind` is missing; add measured, documented or signed"),
        (
            _added('kind = "signed"', "phase-0.exit.2"),
            "`requirements[0].criterion` names `phase-0.exit.2`, which is no criterion; did you mean `phase-0.exit.1`?",
        ),
        (
            _added('kind = "signed"\nsubject = "phase-0.exit.7"'),
            "has the subject `phase-0.exit.7`, which is no criterion; did you mean `phase-0.exit.1`?",
        ),
        (_added('kind = "documented"\nsubject = "x"\ndocument = "y"'), "give either `subject` or `document`"),
        (
            'schema = 1\nguardrails = [{ id = "g", text = "t", closes = ["phase-1"] }]',
            "`guardrail.g` closes `phase-1`; did you mean `phase-0`?",
        ),
        ('schema = 1\ntarget_chosen_by = "phase-0.exit.11"', "`target_chosen_by` names `phase-0.exit.11`; did you"),
    ],
)
def test_a_requirement_that_cannot_be_is_refused_with_file_field_and_remedy(
    tmp_path: Path, second: str, expected: str
) -> None:
    with pytest.raises(PlanFileError) as caught:
        _plan(tmp_path, BASE, second)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_two_requirements_of_one_name_are_refused(tmp_path: Path) -> None:
    twice = BASE.replace("confidence", 'min_n = 2 }, { kind = "signed", id = "works" }]\n#')
    with pytest.raises(PlanFileError, match=r"requires\[1\]\.id` repeats `works`; choose another id"):
        _plan(tmp_path, twice)


SCHEMA = plan_schema()
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,6}", fullmatch=True)
RATES = sorted(name for name, item in MEASURES.items() if item.shape == "rate")


@st.composite
def measured_tables(draw: st.DrawFn) -> dict[str, Any]:
    table: dict[str, Any] = {"kind": "measured", "measure": draw(st.sampled_from(RATES))}
    table["confidence"] = draw(st.sampled_from(["none", "wilson"]))
    table["min_n"] = draw(st.integers(1, 1_000))
    table["arguments"] = {"of": draw(st.sampled_from(["pooled", "best", "worst"]))}
    table[draw(st.sampled_from(["at_least", "at_most"]))] = draw(st.floats(0, 1))
    return table


DOCUMENTED = st.fixed_dictionaries(
    {"kind": st.just("documented"), "min_characters": st.integers(1, 500)},
    optional={"parts": st.lists(st.text(min_size=1, max_size=9), max_size=3)},
)
SIGNED = st.fixed_dictionaries({"kind": st.just("signed")}, optional={"decisions": st.lists(NAMES, min_size=1)})


@settings(deadline=None)
@given(st.lists(st.one_of(measured_tables(), DOCUMENTED, SIGNED), max_size=5), NAMES)
def test_what_the_schema_allows_is_read_and_asks_for_as_much(requires: list[dict[str, Any]], name: str) -> None:
    table = {
        "schema": 1,
        "phases": [{"key": "p", "title": "P", "exit": [{"id": name, "text": "t", "requires": requires}]}],
    }
    jsonschema.validate(json.loads(json.dumps(table)), SCHEMA)
    read = PlanFile.model_validate(table)
    item = read.phases[0].exit[0]
    assert not isinstance(item, str)
    assert [requirement.kind for requirement in item.requires] == [given["kind"] for given in requires]


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_in_place_of_a_measure_is_refused_in_one_sentence(tmp_path_factory: Any, name: str) -> None:
    if name in MEASURES:
        return
    folder = tmp_path_factory.mktemp("plan")
    quoted = json.dumps(re.sub(r"[\x7f\ud800-\udfff]", "?", name))
    with pytest.raises(PlanFileError, match=r"plan-1\.toml: "):
        _plan(folder, BASE, _added(f'kind = "measured"\nmeasure = {quoted}\nat_least = 0.5'))
