"""Experiments from the order to the end, with beats that only say how they ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from adapters.catalogue import RuntimeCatalogue, RuntimeDefinition
from adapters.process_tree import ProcessIdentity
from adapters.scenario import Scenario, ScenarioCatalogue
from console.engine.beat import Heartbeat, Services
from console.engine.events import EngineEvent, ExperimentChanged, OperatorWarned
from console.engine.experiment.abandoned import pause_abandoned
from console.engine.experiment.experiments import Experiments
from console.engine.experiment.plan import ExperimentOrder
from console.engine.experiment.trial import start_over
from console.engine.find import UnknownIdError
from console.engine.launches import LaneChoice, Launches, LaunchOrder, RefusedOrder
from console.engine.process_register import console_identity
from store.records import ExperimentRecord, MetricRecord, RunRecord, RunStatus
from tests.unit.open_services import open_services

FIRST_REQUEST = "execute_to_first_request_ms"
PAIR = ("pi_local", "opencode_local")


@dataclass(slots=True)
class FakeDesk:
    """The shipped catalogues, and Node packages that are there."""

    node_packages_ready: bool = True

    def startable(self, key: str) -> RuntimeDefinition:
        return RuntimeCatalogue.load().runtime(key)

    def scenario(self, name: str) -> Scenario:
        return ScenarioCatalogue.load().scenario(name)


@dataclass(slots=True)
class Bench:
    """Experiments, the beats that were played, and what decides how the next one ends."""

    services: Services
    launches: Launches
    experiments: Experiments
    desk: FakeDesk
    told: list[EngineEvent]
    played: list[RunRecord] = field(default_factory=list[RunRecord])
    status_of: Callable[[Heartbeat], RunStatus] = lambda _beat: "succeeded"
    before: Callable[[Heartbeat], object] = lambda _beat: None
    """Called at the start of each beat."""

    async def stored(self, number: int = 1) -> ExperimentRecord:
        await self.services.store.flush()
        record = await self.services.queries.experiment_numbered(number)
        assert record is not None
        return record

    async def states(self) -> list[tuple[int, int, int, str]]:
        await self.services.store.flush()
        trials = await self.services.queries.trials((await self.stored()).id)
        return [(trial.pair_no, trial.attempt, trial.arm_index, trial.state) for trial in trials]

    async def run(self, order: ExperimentOrder) -> ExperimentRecord:
        planned = await self.experiments.plan(order)
        await self.experiments.start(planned.id)
        return await self.experiments.wait(planned.id)


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Bench]:
    async with open_services(tmp_path) as opened:
        services = replace(opened, console=console_identity())
        told: list[EngineEvent] = []
        services.feed.subscribe(told.append)
        launches, desk = Launches(services), FakeDesk()
        bench = Bench(services, launches, Experiments(services, launches, desk), desk, told)

        async def run(beat: Heartbeat) -> RunRecord:
            bench.played.append(beat.record)
            bench.before(beat)
            status = bench.status_of(beat)
            await asyncio.sleep(0)
            if beat._cancel_requested.is_set():  # pyright: ignore[reportPrivateUsage]  # what a real beat looks at
                status = "cancelled"
            ended = replace(beat.record, status=status, error_message=None if status == "succeeded" else status)
            ended = replace(ended, finished_at="2026-01-31T09:30:00.000Z")
            services.store.put(ended)
            services.store.put(MetricRecord(run_id=ended.id, name=FIRST_REQUEST, value=1000.0, unit="ms"))
            await services.store.flush()
            return ended

        monkeypatch.setattr(Heartbeat, "run", run)
        yield bench
        await bench.experiments.close()


def small(**changed: object) -> ExperimentOrder:
    """Two pairs of a scenario with two beats."""
    base = ExperimentOrder(PAIR, ("remember",), warmup_pairs=1, min_pairs=2, max_pairs=2)
    return replace(base, **changed)  # pyright: ignore[reportArgumentType]  # each test names its fields


async def test_it_plays_every_beat_of_every_trial_in_turn(bench: Bench) -> None:
    ended = await bench.run(small())
    assert (ended.state, ended.state_reason) == ("finished", "all 2 pairs have run")
    assert ended.finished_at is not None
    beats = len(ScenarioCatalogue.load().scenario("remember").beats)
    assert beats > 1
    assert len(bench.played) == 3 * 2 * beats
    assert len({run.issue_id for run in bench.played}) == 3 * 2
    assert [run.beat_index for run in bench.played[:beats]] == list(range(1, beats + 1))
    lanes = [run.lane_index for run in bench.played[::beats]]
    assert lanes[2:4] == lanes[5:3:-1]
    launch = await bench.services.queries.launch(bench.played[0].launch_id)
    assert launch is not None
    assert (launch.launch.kind, launch.launch.bridge_mode) == ("trial", "cold")
    assert bench.launches.refusal is None
    assert bench.experiments.running is None


async def test_margins_are_stored_before_the_first_pair(bench: Bench) -> None:
    planned = await bench.experiments.plan(small(margins={FIRST_REQUEST: 1.1}))
    margins = {item.metric: item for item in await bench.services.queries.experiment_margins(planned.id)}
    fixed = margins[FIRST_REQUEST]
    assert (fixed.margin_ratio, fixed.revision, fixed.is_primary, fixed.reason) == (
        1.1, 0, True, "fixed before the first pair",
    )  # fmt: skip
    assert (planned.number, planned.state, planned.stops_when_settled) == (1, "planned", False)


async def test_a_margin_may_change_freely_before_the_first_trial_and_is_marked_after(bench: Bench) -> None:
    planned = await bench.experiments.plan(small())
    before = await bench.experiments.set_margin(planned.id, FIRST_REQUEST, 1.5, "thought again")
    assert before.revision == 0
    await bench.experiments.start(planned.id)
    await bench.experiments.wait(planned.id)
    after = await bench.experiments.set_margin(planned.id, FIRST_REQUEST, 1.4, "saw the numbers")
    late = await bench.experiments.set_margin(planned.id, "bridge_ms", 3.0, "wanted it too")
    assert (after.revision, after.finished_pairs_then, after.is_primary, after.reason) == (
        1,
        2,
        True,
        "saw the numbers",
    )
    assert (late.revision, late.is_primary) == (1, False)
    with pytest.raises(RefusedOrder, match="a margin that is changed needs a reason"):
        await bench.experiments.set_margin(planned.id, FIRST_REQUEST, 1.3, "  ")
    with pytest.raises(RefusedOrder, match="and above 1"):
        await bench.experiments.set_margin(planned.id, FIRST_REQUEST, 0.9, "because")


async def test_failed_beats_are_played_on_and_counted(bench: Bench) -> None:
    def status_of(beat: Heartbeat) -> RunStatus:
        return "timed_out" if beat.record.lane_index == 1 and beat.record.beat_index == 1 else "succeeded"

    bench.status_of = status_of
    ended = await bench.run(small())
    assert ended.state == "finished"
    assert {state for *_, state in await bench.states()} == {"finished"}


async def test_a_pause_lets_the_pair_end_and_a_resume_goes_on_after_a_warm_up(bench: Bench) -> None:
    async def pause() -> None:
        await bench.experiments.pause((await bench.stored()).id)

    pausing: list[asyncio.Task[None]] = []

    def before(beat: Heartbeat) -> None:
        if len(bench.played) == 5:
            pausing.append(asyncio.create_task(pause()))

    bench.before = before
    paused = await bench.run(small(scenarios=("hello-tool",), max_pairs=4))
    await asyncio.gather(*pausing)
    assert (paused.state, paused.state_reason, paused.finished_at) == ("paused", "paused by the operator", None)
    assert {state for *_, state in await bench.states()} == {"finished"}
    count = len(bench.played)
    assert count == 6
    await bench.experiments.resume(paused.id)
    ended = await bench.experiments.wait(paused.id)
    assert ended.state == "finished"
    assert ended.started_at == paused.started_at
    # The warm-up again, then the two pairs that were left.
    assert len(bench.played) - count == 2 * (1 + 2)
    assert [(pair_no, attempt) for pair_no, attempt, *_ in await bench.states()][:4] == [(1, 1), (1, 1), (1, 2), (1, 2)]


async def test_a_pause_at_once_discards_the_half_pair_which_is_run_again(bench: Bench) -> None:
    def before(beat: Heartbeat) -> None:
        runner = bench.experiments._runner  # pyright: ignore[reportPrivateUsage]  # as `pause` does, in the same step
        if len(bench.played) == 4 and runner is not None:
            runner.leave("pause", "paused by the operator")

    bench.before = before
    paused = await bench.run(small(scenarios=("hello-tool",), warmup_pairs=0))
    assert paused.state == "paused"
    assert [state for *_, state in await bench.states()] == ["finished", "finished", "discarded", "discarded"]
    bench.before = lambda _beat: None
    await bench.experiments.resume(paused.id)
    assert (await bench.experiments.wait(paused.id)).state == "finished"
    assert [(pair_no, attempt, state) for pair_no, attempt, _, state in await bench.states()][4:] == [
        (2, 2, "finished"), (2, 2, "finished"),
    ]  # fmt: skip


async def test_a_run_that_the_operator_cancels_pauses_it(bench: Bench) -> None:
    bench.before = lambda beat: beat.cancel() if len(bench.played) == 3 else None
    paused = await bench.run(small(scenarios=("hello-tool",), warmup_pairs=0))
    run = bench.played[2]
    assert paused.state == "paused"
    assert paused.state_reason == (
        f"a trial was cut: run {run.id[:8]} on {run.runtime_key}: cancelled; resume it when that is mended"
    )


async def test_an_error_of_the_console_pauses_it_with_a_sentence(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(_launches: Launches, *_: object) -> str:
        raise OSError("no space left")

    monkeypatch.setattr(Launches, "start", refuse)
    paused = await bench.run(small())
    assert (paused.state, paused.state_reason) == ("paused", "OSError: no space left")
    assert [event.sentence for event in bench.told if isinstance(event, OperatorWarned)] == [
        "experiment 1 paused inside the console: OSError: no space left; mend that and resume it"
    ]
    assert bench.launches.refusal is None


async def test_a_stop_is_for_good(bench: Bench) -> None:
    planned = await bench.experiments.plan(small())
    stopped = await bench.experiments.stop(planned.id)
    assert (stopped.state, stopped.state_reason) == ("stopped", "stopped by the operator")
    for refused in (bench.experiments.start, bench.experiments.resume, bench.experiments.stop):
        with pytest.raises(RefusedOrder, match="experiment 1 is stopped; "):
            await refused(planned.id)
    with pytest.raises(RefusedOrder, match="experiment 1 is stopped and does not run in this console"):
        await bench.experiments.pause(planned.id)
    with pytest.raises(UnknownIdError, match="there is no experiment x"):
        await bench.experiments.start("x")


async def test_nothing_runs_beside_it(bench: Bench) -> None:
    refusals: list[str] = []

    async def try_others() -> None:
        order = LaunchOrder("sequence", "hello-tool", (LaneChoice("pi_local"),))
        lanes = [(3, bench.desk.startable("pi_local"), None)]
        for attempt in (
            bench.launches.start(order, lanes, bench.desk.scenario("hello-tool")),
            bench.experiments.start(second.id),
        ):
            with pytest.raises(RefusedOrder) as caught:
                await attempt
            refusals.append(str(caught.value))

    trying: list[asyncio.Task[None]] = []

    def before(_beat: Heartbeat) -> None:
        if not trying:
            trying.append(asyncio.create_task(try_others()))

    first, second = await bench.experiments.plan(small()), await bench.experiments.plan(small())
    bench.before = before
    await bench.experiments.start(first.id)
    await bench.experiments.wait(first.id)
    await asyncio.gather(*trying)
    assert refusals == [
        "experiment 1 runs, and nothing beside it, for it is timed; wait for it or pause it",
        "experiment 1 runs already; wait for it or pause it",
    ]


async def test_of_two_that_are_started_at_once_one_runs_and_keeps_everything_else_out(bench: Bench) -> None:
    first, second = await bench.experiments.plan(small()), await bench.experiments.plan(small())
    outcomes = await asyncio.gather(
        bench.experiments.start(first.id), bench.experiments.start(second.id), return_exceptions=True
    )
    assert [str(outcome) for outcome in outcomes if isinstance(outcome, RefusedOrder)] == [
        "experiment 1 runs already; wait for it or pause it"
    ]
    assert bench.launches.refusal is not None
    assert (await bench.experiments.wait(first.id)).state == "finished"


async def test_one_that_another_console_has_stopped_meanwhile_does_not_run_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = await bench.experiments.plan(small())

    async def stopped_elsewhere(_experiments: Experiments, record: ExperimentRecord) -> None:
        bench.services.store.put(replace(record, state="stopped"))
        await bench.services.store.flush()

    monkeypatch.setattr(Experiments, "_refuse_beside_others", stopped_elsewhere)
    with pytest.raises(RefusedOrder, match="experiment 1 is stopped by now: another console was quicker"):
        await bench.experiments.start(planned.id)
    assert (bench.played, (await bench.stored()).state, bench.launches.refusal) == ([], "stopped", None)


async def test_a_beat_that_was_ordered_just_before_does_not_slip_in_beside_it(bench: Bench) -> None:
    planned = await bench.experiments.plan(small())
    order = LaunchOrder("sequence", "hello-tool", (LaneChoice("pi_local"),))
    lanes = [(3, bench.desk.startable("pi_local"), None)]
    outcomes = await asyncio.gather(
        bench.launches.start(order, lanes, bench.desk.scenario("hello-tool")),
        bench.experiments.start(planned.id),
        return_exceptions=True,
    )
    assert len([outcome for outcome in outcomes if isinstance(outcome, RefusedOrder)]) == 1
    await bench.experiments.wait(planned.id)


async def test_it_does_not_start_beside_a_beat_or_without_packages(bench: Bench) -> None:
    planned = await bench.experiments.plan(small())
    bench.desk.node_packages_ready = False
    with pytest.raises(RefusedOrder, match="the Node packages are still being installed"):
        await bench.experiments.start(planned.id)
    bench.desk.node_packages_ready = True
    order = LaunchOrder("sequence", "hello-tool", (LaneChoice("pi_local"),))
    lanes = [(0, bench.desk.startable("pi_local"), None)]
    launch = await bench.launches.start(order, lanes, bench.desk.scenario("hello-tool"))
    with pytest.raises(RefusedOrder, match="a beat is running, and experiment 1 is timed; wait for it, or cancel it"):
        await bench.experiments.start(planned.id)
    await bench.launches.wait(launch)
    assert bench.launches.refusal is None


async def test_another_live_console_keeps_both_out(bench: Bench) -> None:
    other = await asyncio.create_subprocess_exec("sleep", "60")
    try:
        planned = await bench.experiments.plan(small())
        elsewhere = await bench.experiments.plan(small())
        identity = ProcessIdentity.of(other.pid)
        assert identity is not None
        began = identity.started_at_epoch
        running = replace(elsewhere, state="running", console_pid=other.pid, console_started_at_epoch=began)
        bench.services.store.put(running)
        await bench.services.store.flush()
        with pytest.raises(RefusedOrder, match="experiment 2 runs in another console; wait for it"):
            await bench.experiments.start(planned.id)
        order = LaunchOrder("sequence", "hello-tool", (LaneChoice("pi_local"),))
        lanes = [(0, bench.desk.startable("pi_local"), None)]
        with pytest.raises(
            RefusedOrder, match=rf"experiment 2 runs in another console \(pid {other.pid}\); wait for it"
        ):
            await bench.launches.start(order, lanes, bench.desk.scenario("hello-tool"))
        assert await pause_abandoned(bench.services.store, bench.services.queries, bench.services.clock) == []
    finally:
        other.kill()
        await other.wait()
    (paused,) = await pause_abandoned(bench.services.store, bench.services.queries, bench.services.clock)
    assert (paused.number, paused.state) == (2, "paused")
    assert paused.state_reason == (
        "the console ended while it ran; 0 of 2 pairs are kept, and it goes on with `sidebeat experiment --resume 2`"
    )


async def test_a_self_check_never_stops_early_and_a_comparison_names_the_one_that_counts(bench: Bench) -> None:
    check = await bench.run(
        small(kind="self-check", runtime_keys=("pi_local",), stops_when_settled=True, scenarios=("hello-tool",))
    )
    assert (check.state, check.stops_when_settled, json.loads(check.runtime_keys_json)) == (
        "finished", False, ["pi_local", "pi_local"],
    )  # fmt: skip
    comparison = await bench.experiments.plan(small(scenarios=("hello-tool",)))
    await bench.experiments.start(comparison.id)
    ended = await bench.experiments.wait(comparison.id)
    assert ended.self_check_id == check.id


async def test_it_stops_when_settled(bench: Bench) -> None:
    ended = await bench.run(
        small(scenarios=("hello-tool",), min_pairs=6, max_pairs=40, warmup_pairs=0, stops_when_settled=True)
    )
    assert (ended.state, ended.state_reason) == ("finished", "settled after 6 pairs")
    assert len(bench.played) == 12


async def test_every_change_is_told(bench: Bench) -> None:
    await bench.run(small(scenarios=("hello-tool",), max_pairs=2, warmup_pairs=0))
    changes = [event for event in bench.told if isinstance(event, ExperimentChanged)]
    assert [change.experiment.state for change in changes if change.trial is None] == ["planned", "running", "finished"]
    trials = [change.trial for change in changes if change.trial is not None]
    assert [trial.state for trial in trials[:3]] == ["running", "running", "finished"]
    assert json.loads(trials[1].run_ids_json) == [bench.played[0].id]


def test_a_warm_root_is_emptied_and_stays_the_same_folder(tmp_path: Path) -> None:
    scenario = ScenarioCatalogue.load().scenario("edit-file")
    root = tmp_path / "root"
    start_over(root, scenario)
    node = root.stat().st_ino
    seeded = sorted(path.name for path in root.rglob("*"))
    (root / "left").mkdir()
    (root / "left" / "over.txt").write_text("x", "utf-8")
    (root / "link").symlink_to(tmp_path)
    start_over(root, scenario)
    assert sorted(path.name for path in root.rglob("*")) == seeded
    assert root.stat().st_ino == node
    assert tmp_path.is_dir()
