"""Experiments on real adapters: to their end, in turns, warm, and on after whatever ends the console."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from adapters.catalogue import RuntimeCatalogue
from adapters.catalogue.load import SHIPPED
from adapters.scenario import SHIPPED_FOLDER, ScenarioCatalogue
from console.engine.engine import Engine
from console.engine.events import EngineEvent, ExperimentChanged
from console.engine.experiment.plan import ExperimentOrder
from console.engine.experiment.reading import experiment_result
from console.engine.launches import RefusedOrder
from console.engine.stored_lanes import latest_lanes
from store import Queries
from store.records import ExperimentRecord, TrialRecord
from tests.engine.consoles import CommandLine, order
from tests.engine.experiment_runtimes import QuickRuntimes
from tests.engine.waiting import until

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]


async def finished(console: Engine, wanted: ExperimentOrder) -> ExperimentRecord:
    """Planned, run, and ended."""
    planned = await console.experiments.plan(wanted)
    await console.experiments.start(planned.id)
    ended = await console.experiments.wait(planned.id)
    assert (ended.state, ended.state_reason) == ("finished", f"all {wanted.max_pairs} pairs have run")
    return ended


def read_again(console: Engine) -> None:
    console.catalogue = RuntimeCatalogue.load([SHIPPED, console.paths.runtimes])
    console.scenarios = ScenarioCatalogue.load([SHIPPED_FOLDER, console.paths.scenarios])
    assert console.catalogue.refusals == []


async def test_two_pairs_of_pi_run_to_their_end_one_trial_at_a_time(console: Engine) -> None:
    told: list[EngineEvent] = []
    unsubscribe = console.feed.subscribe(told.append)
    wanted = ExperimentOrder(("pi_local",), kind="self-check", warmup_pairs=0, min_pairs=2, max_pairs=2)
    planned = await console.experiments.plan(wanted)
    await console.experiments.start(planned.id)
    with pytest.raises(RefusedOrder, match="experiment 1 runs, and nothing beside it"):
        await console.launch(order(["pi_local"], lane=3))
    await console.experiments.wait(planned.id)
    unsubscribe()

    result = await experiment_result(console.queries, planned.id)
    assert (result.experiment.state, result.progress.finished_pairs) == ("finished", 2)
    assert [(trial.pair_no, trial.state) for trial in result.trials] == [(1, "finished")] * 2 + [(2, "finished")] * 2
    assert [trial.arm_index for trial in result.trials[:2]] == [trial.arm_index for trial in result.trials[3:1:-1]]
    assert len({trial.issue_id for trial in result.trials}) == 4
    ends = [trial.finished_at or "" for trial in result.trials]
    starts = [trial.started_at or "" for trial in result.trials]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    (deciding,) = result.deciding
    assert (deciding.metric, deciding.pairing.n) == ("execute_to_first_request_ms", 2)
    assert deciding.verdict == "too few pairs"
    assert all(arm.success.successes == 2 for arm in result.arms)
    assert result.arms[0].agent_version == "pi 0.60.0"
    assert [event for event in told if isinstance(event, ExperimentChanged)][-1].experiment.state == "finished"
    assert await latest_lanes(console.queries) is None


async def test_a_warm_trial_finds_its_arms_bridge_and_an_empty_root(console: Engine, tmp_path: Path) -> None:
    QuickRuntimes.add(console.paths, tmp_path)
    read_again(console)
    wanted = ExperimentOrder(
        ("quick_a", "quick_b"), ("one-answer",), temperature="warm", min_pairs=2, max_pairs=2, time_limit_s=20
    )
    ended = await finished(console, wanted)
    result = await experiment_result(console.queries, ended.id)
    assert result.progress.warmup_pairs_done == 1
    assert len({trial.issue_id for trial in result.trials}) == 6
    runs = {run.id: run for run in await console.queries.trial_runs(ended.id)}
    by_arm = [
        [runs[run_id] for trial in result.trials if trial.arm_index == arm for run_id in json.loads(trial.run_ids_json)]
        for arm in (0, 1)
    ]
    for arm_runs in by_arm:
        assert len({run.execution_root for run in arm_runs}) == 1
        assert [run.fresh_session_reason or run.session_before_json for run in arm_runs] == [None] * 3
        assert [run.beat_index for run in arm_runs] == [1, 1, 1]
    processes = await console.queries.live_processes()
    assert sum(process.role == "bridge" and process.run_id in runs for process in processes) == 2
    assert [arm.success.successes for arm in result.arms] == [2, 2]
    assert all((run.provenance_json or "").count('"root_was_reused": true') == 1 for run in runs.values())


async def test_a_failing_arm_is_counted_and_its_pair_left_out(console: Engine, tmp_path: Path) -> None:
    quick = QuickRuntimes.add(console.paths, tmp_path)
    package = quick.folder / "package" / "index.js"
    failing = 'if (ctx.agent.name === "quick_b" && call <= 2) throw new Error("it broke");\n'
    package.write_text(package.read_text("utf-8").replace("  while (call", f"  {failing}  while (call"), "utf-8")
    read_again(console)
    wanted = ExperimentOrder(
        ("quick_a", "quick_b"), ("one-answer",), seed=1, warmup_pairs=0, min_pairs=3, max_pairs=3, time_limit_s=20
    )
    result = await experiment_result(console.queries, (await finished(console, wanted)).id)
    (failure,) = result.failures
    assert (failure.pair_no, failure.arm_index, failure.status, failure.reason) == (1, 1, "failed", "it broke")
    assert [(arm.success.successes, arm.success.n) for arm in result.arms] == [(3, 3), (2, 3)]
    (deciding,) = result.deciding
    assert (deciding.pairing.n, deciding.incomplete_pairs) == (2, 1)
    assert any("1 pair left out" in caveat for caveat in result.caveats)


async def test_a_self_check_first_is_the_one_that_the_comparison_names(command: CommandLine, tmp_path: Path) -> None:
    own = CommandLine(tmp_path, command.layout)
    QuickRuntimes.add(own.paths, tmp_path)
    options = ("--runtime", "quick_a", "--runtime", "quick_b", "--scenario", "one-answer", "--time-limit", "20")
    ended = await own.run("experiment", *options, "--pairs", "1", "--warm-up", "0", "--self-check-first", "--json")
    assert ended.exit_code == 0
    told = json.loads(ended.output)
    (comparison, _), (check, _) = [await stored_trials(own.database, number) for number in (1, 2)]
    assert (told["experiment"]["kind"], comparison.self_check_id) == ("comparison", check.id)
    assert (check.kind, json.loads(check.runtime_keys_json)) == ("self-check", ["quick_a", "quick_a"])
    assert (check.finished_at or "") <= (comparison.started_at or "")
    assert told["verdicts_hidden_because"].startswith(
        "no verdict is shown, for self-check 2 does not say no difference"
    )


async def stored_trials(database: Path, number: int = 1) -> tuple[ExperimentRecord, list[TrialRecord]]:
    async with await Queries.open(database) as queries:
        record = await queries.experiment_numbered(number)
        assert record is not None
        return record, await queries.trials(record.id)


def states(trials: list[TrialRecord]) -> list[tuple[int, int, str]]:
    return [(trial.pair_no, trial.attempt, trial.state) for trial in trials]


async def test_a_terminated_and_a_killed_console_lose_no_finished_pair(command: CommandLine, tmp_path: Path) -> None:
    quick = QuickRuntimes.add(command.paths, tmp_path)
    quick.allow(2)
    options = ("--runtime", "quick_a", "--runtime", "quick_b", "--scenario", "one-answer", "--time-limit", "20")
    console = await command.start("experiment", *options, "--pairs", "3", "--warm-up", "0")
    await until(lambda: quick.calls == 3, "the second pair is under way")
    console.send_signal(signal.SIGTERM)
    await console.communicate()
    assert console.returncode == 1
    record, first = await stored_trials(command.database)
    assert (record.state, states(first)) == ("paused", [(1, 1, "finished")] * 2 + [(2, 1, "discarded")])
    assert record.state_reason == "the console was closed; its finished pairs are kept, and it can be resumed"

    quick.allow(5)
    console = await command.start("experiment", "--resume")
    await until(lambda: quick.calls == 6, "the third pair is under way")
    console.kill()
    await console.communicate()
    shown = await command.run("experiment", "--show", "1", "--json")
    assert json.loads(shown.output)["progress"]["finished_pairs"] == 2

    quick.allow(1_000)
    ended = await command.run("experiment", "--resume", "1", "--json")
    assert (ended.exit_code, ended.sentences[-1]) == (0, "experiment 1 finished: all 3 pairs have run")
    record, last = await stored_trials(command.database)
    assert states(last) == [
        *[(1, 1, "finished")] * 2,
        (2, 1, "discarded"),
        *[(2, 2, "finished")] * 2,
        (3, 1, "discarded"),
        *[(3, 2, "finished")] * 2,
    ]
    assert last[:2] == first[:2]
    told = json.loads(ended.output)
    assert told["caveats"][-1] == "2 pairs cut half-way, discarded and run again"
    assert told["verdicts_hidden_because"].startswith("no verdict is shown before quick_a was run against itself")
    assert {item["verdict"] for item in told["comparisons"]} == {None}
