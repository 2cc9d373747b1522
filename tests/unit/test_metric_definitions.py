"""The definitions of all metrics: complete, refusing what they cannot mean, and on the page that is made from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.engine.measures import RECOMMENDED, DefinitionsError, load_definitions
from console.engine.measures.page import metrics_page

REPOSITORY = Path(__file__).parents[2]
ENTRY = """
schema = 1
[[metric]]
name = "wait_ms"
title = "Wait"
unit = "ms"
group = "latency"
definition = "How long one waits."
clock_starts = "one asks"
clock_stops = "one has it"
direction = "lower"
"""


def refusal(tmp_path: Path, text: str) -> str:
    """The sentence with which a file is refused, without its folder."""
    path = tmp_path / "metrics.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(DefinitionsError) as caught:
        load_definitions(path)
    return str(caught.value).replace(str(tmp_path), "")


def test_the_metrics_page_is_current() -> None:
    assert (REPOSITORY / "docs/metrics.md").read_text("utf-8") == metrics_page(load_definitions())


@pytest.mark.parametrize("plan_metric", RECOMMENDED)
def test_each_metric_that_the_plan_recommends_is_made_of_defined_numbers(plan_metric: str) -> None:
    named = [metric.name for metric in load_definitions() if metric.recommended == plan_metric]
    assert named


def test_one_metric_decides() -> None:
    assert [metric.name for metric in load_definitions().primary] == ["execute_to_first_request_ms"]


def test_a_name_that_nobody_defined_is_answered_with_the_nearest() -> None:
    with pytest.raises(DefinitionsError, match="no metric `execute_msec`; did you mean `execute_ms`"):
        load_definitions().metric("execute_msec")
    assert load_definitions().find("execute_msec") is None


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ('directoin = "lower"', "`metric.0.directoin` is not a key of a metrics file; did you mean `direction`?"),
        ("floor = -1", "`metric.0.floor`: Input should be greater than or equal to 0"),
        ("default_margin_ratio = 0.5", "`metric.0.default_margin_ratio`: Input should be greater than 1"),
        ("default_margin_ratio = 1.5", "`metric.0`: a `default_margin_ratio` needs `compared = true`"),
        ("primary = true", "`metric.0`: what is primary needs a `default_margin_ratio`; add it"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_its_field_and_the_remedy(
    tmp_path: Path, added: str, told: str
) -> None:
    assert refusal(tmp_path, f"{ENTRY}{added}\n").startswith(f"/metrics.toml: {told}")


def test_a_time_without_a_clock_is_refused(tmp_path: Path) -> None:
    text = ENTRY.replace('clock_stops = "one has it"\n', "")
    assert refusal(tmp_path, text) == (
        "/metrics.toml: `metric.0`: a time needs `clock_starts` and `clock_stops`; say both"
    )


def test_what_is_compared_needs_a_direction(tmp_path: Path) -> None:
    text = ENTRY.replace('direction = "lower"', 'direction = "none"\ncompared = true')
    assert "what is compared needs a `direction`" in refusal(tmp_path, text)


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    text = ENTRY.replace('title = "Wait"\n', "")
    assert refusal(tmp_path, text) == "/metrics.toml: `metric.0.title` is missing; add it"


def test_two_definitions_of_one_name_are_refused(tmp_path: Path) -> None:
    text = ENTRY + ENTRY.replace("schema = 1", "")
    assert refusal(tmp_path, text) == "/metrics.toml: `name`: wait_ms is defined twice; keep one of the two"


def test_a_file_that_is_no_toml_or_not_there_is_refused(tmp_path: Path) -> None:
    assert "not TOML" in refusal(tmp_path, "= 1")
    with pytest.raises(DefinitionsError, match="cannot be read"):
        load_definitions(tmp_path / "none.toml")
