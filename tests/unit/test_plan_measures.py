"""What each measure reads from stored rows of beats, and what it says where there are none."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from console.engine.plan.measures import MEASURES
from console.engine.plan.measures.facts import Facts
from store import Queries, Store
from store.records import WITHHELD_BY_OPERATOR, IssueRecord, MeasurementRecord, ModelRequestRecord
from tests.unit.plan_rows import (
    OPENCODE_VM,
    PI_VM,
    Shelf,
    beat,
    beats,
    chain,
    comment,
    error_row,
    failure,
    metrics,
    moment,
    run,
    runtimes,
    verdict,
)
from tests.unit.store_samples import fixed_clock, sample


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncGenerator[Shelf]:
    path = tmp_path / "sidebeat.db"
    async with await Store.open(path, fixed_clock) as store, await Queries.open(path) as queries:
        shelf = Shelf(store, queries)
        await shelf.keep(*runtimes())
        yield shelf


EMPTY_ARGUMENTS: dict[str, dict[str, Any]] = {"ratio_to_baseline": {"metric": "execute_to_first_request_ms"}}


@pytest.mark.parametrize("name", [name for name in MEASURES if name != "margins_fixed"])
async def test_without_rows_there_is_nothing_and_it_says_what_is_missing(shelf: Shelf, name: str) -> None:
    found = await shelf.find(name, **EMPTY_ARGUMENTS.get(name, {}))
    assert (found.n, found.behind) == (0, ())
    assert found.statement


async def test_a_beat_is_end_to_end_when_it_was_checked_out_ran_was_released_and_commented(shelf: Shelf) -> None:
    await shelf.keep(*beats(3))
    found = await shelf.find("beats_end_to_end")
    assert (found.successes, found.n, found.value) == (3, 3, 1.0)
    assert found.statement == "agentos_local/pi 3 of 3 beats end to end"
    assert {row.id for row in found.behind} == {"run-0", "run-1", "run-2"}


async def test_a_beat_that_misses_a_part_of_the_flow_is_named_first_with_what_it_misses(shelf: Shelf) -> None:
    held = sample(IssueRecord, id="issue-2", identifier="SB-2", checkout_run_id="run-2")
    request = sample(ModelRequestRecord, run_id="run-4", ordinal=0, auxiliary=True)
    await shelf.keep(*beat(0), *beat(1, execution_root=None), *beat(2), held, run(3), comment(3), run(4), request)
    found = await shelf.find("beats_end_to_end")
    assert (found.successes, found.n) == (1, 5)
    said = {row.id: row.statement.partition(": ")[2] for row in found.behind if not row.supports}
    assert said == {
        "run-1": "not checked out",
        "run-2": "still holds its issue",
        "run-3": "no request reached the model",
        "run-4": "no request reached the model, no comment",
    }
    assert [row.supports for row in found.behind] == [False] * 4 + [True]


async def test_a_failed_beat_can_be_end_to_end_but_has_not_succeeded(shelf: Shelf) -> None:
    await shelf.keep(*beats(2), *failure(2))
    assert (await shelf.find("beats_end_to_end")).successes == 3
    assert (await shelf.find("beats_succeeded")).successes == 2


async def test_cancelled_and_interrupted_beats_tell_nothing_of_a_runtime(shelf: Shelf) -> None:
    await shelf.keep(*beats(2), *beat(2, status="cancelled"), *beat(3, status="interrupted"), *beat(4, status="queued"))
    assert (await shelf.find("beats_succeeded")).n == 2


async def test_a_beat_after_a_manipulation_does_not_count_for_reliability(shelf: Shelf) -> None:
    await shelf.keep(*beats(1), *failure(1), *chain(("beat", 0), ("delete-store", None), ("beat", 1)))
    assert (await shelf.find("beats_succeeded")).n == 1


@pytest.mark.parametrize("measure", ["beats_succeeded", "beats_resumed"])
async def test_what_a_session_that_the_operator_withheld_leads_to_is_not_the_runtimes_fault(
    shelf: Shelf, measure: str
) -> None:
    withheld = run(1, issue_id="issue-0", beat_index=2, fresh_session_reason=WITHHELD_BY_OPERATOR, status="failed")
    after = run(2, issue_id="issue-0", beat_index=3, status="failed")
    refused = run(3, beat_index=2, fresh_session_reason="the runtime's configuration has changed since")
    await shelf.keep(*beats(1), withheld, verdict(1, "fresh"), after, verdict(2, "fresh"), refused, verdict(3, "fresh"))
    assert "run-3" in {row.id for row in (await shelf.find(measure)).behind}
    assert not {row.id for row in (await shelf.find(measure)).behind} & {"run-1", "run-2"}


async def test_waiting_is_no_manipulation(shelf: Shelf) -> None:
    await shelf.keep(*beats(2), *chain(("beat", 0), ("wait", None), ("beat", 1)))
    assert (await shelf.find("beats_succeeded")).n == 2


async def test_the_first_targets_agent_chooses_the_experimental_runtimes(shelf: Shelf) -> None:
    await shelf.keep(*beats(2, PI_VM), *beats(3, OPENCODE_VM, 2), *beats(4, "pi_local", 5))
    counts = {
        target: (await shelf.find("beats_succeeded", Facts(shelf.queries, target=target))).n
        for target in (None, "pi_local", "opencode_local")
    }
    assert counts == {None: 5, "pi_local": 2, "opencode_local": 3}
    assert (await shelf.find("beats_succeeded", runtimes="target")).n == 4
    assert (await shelf.find("beats_succeeded", runtimes="all")).n == 9
    assert (await shelf.find("beats_succeeded", runtimes=["pi_local", OPENCODE_VM])).n == 7


async def test_runtimes_are_pooled_or_the_best_or_the_worst_of_them_counts_and_all_are_told(shelf: Shelf) -> None:
    await shelf.keep(*beats(4, PI_VM), *failure(4, OPENCODE_VM), *beats(1, OPENCODE_VM, 5))
    found = {of: await shelf.find("beats_succeeded", of=of) for of in ("pooled", "best", "worst")}
    assert {of: (item.successes, item.n) for of, item in found.items()} == {
        "pooled": (5, 6),
        "best": (4, 4),
        "worst": (1, 2),
    }
    assert found["best"].statement == ("agentos_local/pi 4 of 4 · agentos_local/opencode 1 of 2 beats succeeded")


async def test_beats_of_other_scenarios_are_left_out(shelf: Shelf) -> None:
    await shelf.keep(*beats(2), *beat(2, scenario="hello-tool"))
    assert (await shelf.find("beats_succeeded", scenarios=["hello-tool"])).n == 1


async def test_resume_counts_the_accepted_words_and_tells_all_of_them(shelf: Shelf) -> None:
    await shelf.keep(
        *beats(4, beat_index=2), verdict(0, "recap"), verdict(1, "recap"), verdict(2, "native"), *beats(1, first=9)
    )
    found = await shelf.find("beats_resumed")
    assert (found.successes, found.n) == (1, 3)
    assert found.statement == "agentos_local/pi recap 2/3, native 1/3"
    assert (await shelf.find("beats_resumed", accepted=["native", "recap"])).successes == 3


async def test_resume_shows_the_existing_adapter_beside_it_and_leaves_manipulated_beats_out(shelf: Shelf) -> None:
    await shelf.keep(
        *beats(2, beat_index=2), verdict(0, "failed"), verdict(1, "fresh"),
        *beats(1, "pi_local", 5, beat_index=2), verdict(5, "native"),
        *chain(("clear", None), ("beat", 1)),
    )  # fmt: skip
    found = await shelf.find("beats_resumed", Facts(shelf.queries, target="pi_local"))
    assert found.statement == "agentos_local/pi failed 1/1 (existing adapter: pi_local native 1/1)"


async def test_a_history_that_the_agent_compacted_is_told_apart_from_one_that_is_whole(shelf: Shelf) -> None:
    compacted = replace(verdict(1, "native"), compaction="auto_compaction_end, 90000 tokens before")
    await shelf.keep(*beats(2, beat_index=2), verdict(0, "native"), compacted)
    found = await shelf.find("beats_resumed")
    assert found.statement == "agentos_local/pi native (compacted) 1/2, native 1/2"
    assert found.successes == 2


async def test_the_chain_of_a_resumed_beat_is_behind_the_number(shelf: Shelf) -> None:
    await shelf.keep(*beats(2, beat_index=2), verdict(1, "native"), *chain(("beat", 0), ("beat", 1)))
    assert ("chain", "chain-1") in [(row.kind, row.id) for row in (await shelf.find("beats_resumed")).behind]


async def test_a_transcript_is_readable_when_it_shows_everything_once(shelf: Shelf) -> None:
    await shelf.keep(
        *beats(4),
        *metrics(0, sidebeat_recall=1.0, sidebeat_duplicates=0, upstream_recall=1.0, upstream_duplicates=4),
        *metrics(1, sidebeat_recall=0.9, sidebeat_duplicates=0),
        *metrics(2, sidebeat_recall=1.0, sidebeat_duplicates=1),
    )
    found = await shelf.find("transcripts_readable")
    assert (found.successes, found.n) == (1, 3)
    assert found.statement == (
        "agentos_local/pi 1 of 3 (recall 96.7%, 0.3 duplicates; upstream's view 100.0%, 4.0) transcripts readable"
    )
    assert (await shelf.find("transcripts_readable", min_recall=0.9, max_duplicates=1)).successes == 3


async def test_a_failure_surfaces_in_the_run_in_the_transcript_and_on_the_issue(shelf: Shelf) -> None:
    await shelf.keep(
        *failure(0), *failure(1, status="timed_out", error_code="timeout"), *failure(2, status="cancelled"),
        *beat(3, status="failed", error_code="x"), error_row(3, "tool_result"),
        run(4, status="failed", error_code=None), error_row(4), *beats(1, first=5),
    )  # fmt: skip
    found = await shelf.find("failures_surfaced")
    assert (found.successes, found.n) == (3, 5)
    said = {row.id: row.statement.partition(": ")[2] for row in found.behind if not row.supports}
    assert said == {"run-3": "no error in the transcript", "run-4": "no error code, no comment"}
    assert "(adapter_failed, x, timeout)" in found.statement


async def test_the_baseline_counts_succeeded_beats_of_the_target_that_have_every_metric(shelf: Shelf) -> None:
    both = {"execute_to_first_request_ms": 1.0, "execute_ms": 2.0}
    await shelf.keep(
        *beats(3, "pi_local"), *metrics(0, **both), *metrics(1, **both), *metrics(2, execute_ms=2.0),
        *failure(4, "pi_local"), *metrics(4, **both), *beats(1, PI_VM, 5), *metrics(5, **both),
    )  # fmt: skip
    found = await shelf.find("baseline_beats", Facts(shelf.queries, target="pi_local"))
    assert (found.value, found.n) == (1.0, 2)
    assert found.statement == "2 measured beats of pi_local"
    assert (await shelf.find("baseline_beats", Facts(shelf.queries, target="opencode_local"))).n == 0


def report(written_at: str) -> MeasurementRecord:
    return sample(MeasurementRecord, id=written_at, subject="report", name="written", measured_at=written_at)


async def test_a_report_is_fresh_until_another_run_ends(shelf: Shelf) -> None:
    await shelf.keep(*beats(3), report(moment(2)))
    assert (await shelf.find("report_fresh")).value == 1.0
    await shelf.keep(*beats(12, first=3))
    stale = await shelf.find("report_fresh")
    assert (stale.value, stale.is_open) == (0.0, True)
    assert stale.statement == "the report of 2026-01-31 09:00 is stale: 12 runs are newer"
    await shelf.keep(report(moment(60)))
    assert (await shelf.find("report_fresh")).value == 1.0


async def test_the_report_that_is_being_written_is_fresh(shelf: Shelf) -> None:
    found = await shelf.find("report_fresh", Facts(shelf.queries, report_is_being_written=True))
    assert (found.value, found.n) == (1.0, 1)


async def test_ended_runs_are_read_newest_first_without_their_large_columns(shelf: Shelf) -> None:
    await shelf.keep(*beats(2), replace(run(7), status="running"))
    facts = await shelf.queries.run_facts()
    assert [fact.id for fact in facts] == ["run-1", "run-0"]
    assert (facts[0].runtime_key, facts[0].beat_index, facts[0].chain_id) == (PI_VM, 1, "")
