"""What is really seen of a scripted run, in Paperclip's view and in ours, with the pinned agents and parsers."""

from __future__ import annotations

import pytest
import pytest_asyncio

from console.engine.engine import Engine
from console.engine.quality import TranscriptQuality, transcript_quality
from console.engine.run_report import run_report
from store.records import RunRecord
from tests.engine.consoles import order

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(400)]

PI, OPENCODE, PI_IN_VM = RUNTIMES = ("pi_local", "opencode_local", "agentos_local/pi")
SCENARIOS = ("multi-tool", "unicode")
Runs = dict[tuple[str, str], RunRecord]
Qualities = dict[tuple[str, str], TranscriptQuality]

EVERY_RUN = pytest.mark.parametrize(
    "key", [(runtime, scenario) for runtime in RUNTIMES for scenario in SCENARIOS], ids=str
)
EVERY_SCENARIO = pytest.mark.parametrize("scenario", SCENARIOS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def runs(console: Engine) -> Runs:
    """Both scenarios on all three runtimes at once."""
    found: Runs = {}
    for scenario in SCENARIOS:
        ended = await console.wait(await console.launch(order(RUNTIMES, scenario=scenario, kind="race")))
        found.update({(run.runtime_key, scenario): run for run in ended})
    await console.store.flush()
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def qualities(console: Engine, runs: Runs) -> Qualities:
    measured = {key: await transcript_quality(console.queries, run) for key, run in runs.items()}
    return {key: quality for key, quality in measured.items() if quality is not None}


@EVERY_RUN
async def test_our_view_shows_all_that_the_agent_tells_once_and_whole(
    runs: Runs, qualities: Qualities, key: tuple[str, str]
) -> None:
    assert runs[key].status == "succeeded"
    ours, upstream = qualities[key].sidebeat, qualities[key].upstream
    assert ours.shown_count == upstream.shown_count
    assert (ours.duplicates, ours.prompt_echoes, ours.unparsed_lines) == (0, 0, 0)
    assert (ours.lost_characters, ours.replacement_characters, ours.tool_results_complete) == (0, 0, 1.0)


@EVERY_RUN
async def test_upstreams_parsers_lose_no_character(qualities: Qualities, key: tuple[str, str]) -> None:
    upstream = qualities[key].upstream
    assert (upstream.lost_characters, upstream.replacement_characters, upstream.tool_results_complete) == (0, 0, 1.0)


@EVERY_RUN
async def test_the_usage_that_is_reported_is_what_the_endpoint_counted(
    qualities: Qualities, key: tuple[str, str]
) -> None:
    usage = qualities[key].usage
    assert (usage.input.error, usage.output.error, usage.cached.error) == (0, 0, 0)
    assert usage.basis == ("per_run" if key[0] == PI_IN_VM else None)


@pytest.mark.parametrize(("scenario", "duplicates"), [("multi-tool", 28), ("unicode", 21)])
async def test_pis_parser_shows_everything_again_and_the_prompt_as_an_answer(
    qualities: Qualities, scenario: str, duplicates: int
) -> None:
    upstream = qualities[PI, scenario].upstream
    assert (upstream.recall, upstream.order_errors) == (1.0, 0)
    assert (upstream.duplicates, upstream.prompt_echoes, upstream.unparsed_lines) == (duplicates, 1, 1)
    shown: dict[str, int] = {}
    for finding in upstream.findings:
        if finding.kind == "duplicate" and finding.item is not None and finding.item.kind == "text":
            shown[finding.item.text] = shown.get(finding.item.text, 1) + 1
    assert max(shown.values()) == 5


@pytest.mark.parametrize(("scenario", "duplicates"), [("multi-tool", 3), ("unicode", 1)])
async def test_opencode_keeps_its_thoughts_to_itself_and_prints_a_commands_output_twice(
    qualities: Qualities, scenario: str, duplicates: int
) -> None:
    upstream = qualities[OPENCODE, scenario].upstream
    missing = [finding.item.kind for finding in upstream.findings if finding.kind == "missing" and finding.item]
    assert missing == ["thinking"]
    assert (upstream.duplicates, upstream.order_errors, upstream.prompt_echoes) == (duplicates, 0, 0)


@EVERY_SCENARIO
async def test_agent_os_tells_texts_before_the_calls_that_came_first(qualities: Qualities, scenario: str) -> None:
    quality = qualities[PI_IN_VM, scenario]
    for view in (quality.upstream, quality.sidebeat):
        assert view.recall == 1.0
        early = [finding for finding in view.findings if finding.kind == "out_of_order"]
        assert early
        assert {finding.item.kind for finding in early if finding.item} <= {"text", "thinking"}
    assert [finding for finding in quality.upstream.findings if finding.kind == "duplicate"] == []


@EVERY_RUN
async def test_the_numbers_are_stored_and_reported_with_the_run(
    console: Engine, runs: Runs, qualities: Qualities, key: tuple[str, str]
) -> None:
    report = await run_report(console.queries, runs[key])
    quality, metrics = qualities[key], report["metrics"]
    for name, view in (("upstream", quality.upstream), ("sidebeat", quality.sidebeat)):
        assert metrics[f"{name}_recall"] == report["quality"][name]["recall"] == view.recall
        assert metrics[f"{name}_duplicates"] == view.duplicates == report["quality"][name]["duplicates"]
        assert metrics[f"{name}_order_errors"] == view.order_errors
    assert metrics["usage_input_error_tokens"] == 0
    assert "errors_visible" not in metrics
