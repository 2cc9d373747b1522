"""What the console itself costs: its model endpoint, its books, its transcript, its sampling."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from http.client import HTTPConnection, HTTPException

from adapters.bridge import AdapterThrewError, BridgeError
from adapters.line_splitter import AssembledLine
from adapters.model_endpoint import ModelEndpoint, ModelEndpointError, ModelRequest, ScriptedTurn
from adapters.node_runtime import NodeInstallError
from adapters.process_tree import sample_tree
from console.engine.beat.lane_runtime import LaneRuntime
from console.engine.beat.request_journal import RequestJournal
from console.engine.beat.sampling import PSS_CPU_SHARE, SAMPLE_INTERVAL_S
from console.engine.beat.step_clock import StepClock
from console.engine.child_environment import child_environment
from console.engine.clock import utc_time
from console.engine.events import EventFeed
from console.engine.measures.bench import Absent, Bench, Outcome, Reading
from console.engine.measures.node_job import MeasureError
from console.engine.measures.staircase import vm_staircase
from store import Store

CONSOLE = "sidebeat"
REQUESTS = 30
WARM_UP_REQUESTS = 3
PARSE_BATCHES = 30
BATCH_LINES = 50
SAMPLES = 20
COMMIT_TIMEOUT_S = 5.0
HTTP_TIMEOUT_S = 10.0
_BODY = json.dumps(
    {
        "model": "scripted-1",
        "stream": True,
        "messages": [{"role": "user", "content": "hello"}],
        "tools": [{"type": "function", "function": {"name": "bash", "parameters": {"type": "object"}}}],
    }
)
"""With a tool on offer: without one the endpoint takes it for no part of a conversation."""


async def measure_overhead(bench: Bench) -> AsyncGenerator[Outcome]:
    """Each part in its turn; one that cannot be had keeps no other from being measured."""
    for name, measure in (
        ("endpoint_turn_ms", _endpoint),
        ("parse_line_ms", _parsing),
        ("sample_ms", _sampling),
    ):
        try:
            outcomes = await measure(bench)
        except (ModelEndpointError, BridgeError, AdapterThrewError, NodeInstallError, MeasureError, OSError) as error:
            outcomes = [Absent(CONSOLE, name, str(error))]
        for outcome in outcomes:
            yield outcome


async def _endpoint(bench: Bench) -> list[Outcome]:
    """Turns of one word, and how long until each request is a committed row of a database of its own."""
    node, clock, feed = bench.services.node, bench.services.clock, EventFeed()
    store = await Store.open(bench.make_folder("endpoint") / "rows.sqlite", lambda: utc_time(clock.epoch_s()))
    async with store:
        steps = StepClock("overhead", feed)
        steps.start_execute(clock.epoch_s())
        journal, commits = RequestJournal("overhead", store, feed, steps), _CommitTimes(store)

        async def take(request: ModelRequest) -> None:
            await journal.take(request)
            commits.note(request)

        async with ModelEndpoint.start(
            node_executable=node.node_executable, script=node.app_dir / "endpoint.mjs", on_request=take
        ) as endpoint:
            turns = [ScriptedTurn(text="hello")]
            await endpoint.begin_beat(turns)
            journal.turns, journal.beat_key = turns, endpoint.beat_key
            turn_ms = await _turns(endpoint.port, commits)
            await endpoint.end_beat()
    committed_ms = commits.took_ms[WARM_UP_REQUESTS:]
    n = len(turn_ms)
    return [
        _timed("endpoint_turn_ms", turn_ms, f"{n} requests on one connection, after {WARM_UP_REQUESTS} others."),
        _timed("endpoint_to_row_ms", committed_ms, "The same requests: from arrival at the endpoint to the commit."),
    ]


async def _turns(port: int, commits: _CommitTimes) -> list[float]:
    connection = HTTPConnection("127.0.0.1", port, timeout=HTTP_TIMEOUT_S)
    took_ms: list[float] = []
    try:
        for _ in range(WARM_UP_REQUESTS + REQUESTS):
            took_ms.append(await asyncio.to_thread(_one_turn, connection))
            await commits.wait_until_idle()
    except HTTPException as error:
        raise MeasureError(f"the model endpoint broke off its answer: {error}") from error
    finally:
        connection.close()
    return took_ms[WARM_UP_REQUESTS:]


def _one_turn(connection: HTTPConnection) -> float:
    began_s = time.perf_counter()
    connection.request("POST", "/v1/chat/completions", _BODY, {"Content-Type": "application/json"})
    with connection.getresponse() as response:
        response.read()
        if response.status != 200:
            raise MeasureError(f"the model endpoint answered a scripted turn with status {response.status}")
    return (time.perf_counter() - began_s) * 1000


class _CommitTimes:
    """From each request's arrival until the batch with its record was committed."""

    def __init__(self, store: Store) -> None:
        self.took_ms: list[float] = []
        self._store = store
        self._arrived_epochs: list[float] = []
        store.on_commit(self._committed)

    def note(self, request: ModelRequest) -> None:
        """Its record has been put."""
        if not request.is_answered:
            self._arrived_epochs.append(request.received_at_epoch)

    async def wait_until_idle(self) -> None:
        """Until every record is committed, so that a commit is never that of the request before."""
        async with asyncio.timeout(COMMIT_TIMEOUT_S):
            while self._store.pending_count or self._arrived_epochs:  # noqa: ASYNC110 -- the store tells commits, not idleness
                await asyncio.sleep(0.002)

    def _committed(self, _count: int) -> None:
        now_epoch = time.time()
        self.took_ms += [(now_epoch - arrived) * 1000 for arrived in self._arrived_epochs]
        self._arrived_epochs.clear()


async def _parsing(bench: Bench) -> list[Outcome]:
    """Lines of a real log through a bridge and upstream's parser."""
    queries = bench.services.queries
    known = {runtime.key: runtime for runtime in bench.runtimes}
    runs = await queries.runs(limit=50)
    run = next((run for run in runs if run.runtime_key in known and run.log_bytes), None)
    if run is None:
        return [Absent(CONSOLE, "parse_line_ms", "no stored run has a log; run a beat first")]
    lines = [line for line in (await queries.log_text(run.id, stream="stdout")).splitlines() if line.strip()]
    if not lines:
        return [Absent(CONSOLE, "parse_line_ms", f"the log of run {run.id[:8]} has no lines")]
    batch = [
        AssembledLine(lines[index % len(lines)], run.created_at, index) for index in range(min(len(lines), BATCH_LINES))
    ]
    folder = bench.make_folder("parsing")
    lane = LaneRuntime(bench.services.node, folder / "recordings")
    environment = child_environment(
        node_bin=bench.services.node.node_bin_dir,
        home=folder,
        working_directory=folder,
        temporary=bench.make_folder("parsing-tmp"),
    )
    try:
        bridge = await lane.bridge(known[run.runtime_key], environment, folder)
        took_ms: list[float] = []
        for index in range(PARSE_BATCHES + 1):
            began_s = time.perf_counter()
            await bridge.parse(f"overhead-{index}", batch)
            took_ms.append((time.perf_counter() - began_s) * 1000 / len(batch))
    finally:
        await lane.close()
    said = f"{PARSE_BATCHES} batches of {len(batch)} lines of run {run.id[:8]} on {run.runtime_key}, after one more."
    return [_timed("parse_line_ms", took_ms[1:], said)]


async def _sampling(bench: Bench) -> list[Outcome]:
    """On the heaviest tree that a runtime makes: an agent's session in a VM; else on the console itself."""
    heavy = next((runtime for runtime in bench.runtimes if runtime.where == "vm"), None)
    outcomes: list[Outcome] = []

    async def look(population: int, pid: int) -> None:
        if population == 1:
            outcomes.extend(await asyncio.to_thread(lambda: list(sampling_readings(pid, f"a VM of {heavy_key}"))))

    heavy_key = heavy.key if heavy is not None else ""
    if heavy is None:
        own_pid = bench.services.console.pid
        return await asyncio.to_thread(lambda: list(sampling_readings(own_pid, "the console itself")))
    await vm_staircase(bench, heavy, 1, name="sampling", look=look)
    return outcomes


def sampling_readings(pid: int, of_what: str) -> Iterator[Outcome]:
    """What samples of this tree cost, with and without proportional memory."""
    sample = sample_tree([pid], with_pss=True)
    plain_ms, plain_cpu_s = _repeated(lambda: sample_tree([pid]))
    if sample is None:
        yield Absent(CONSOLE, "sample_ms", f"the process tree of {of_what} was gone")
        return
    size = f"{sample.process_count} processes, {sample.rss_bytes:,} bytes of RSS"
    said = f"{SAMPLES} samples of the tree of {of_what}: {size}."
    yield _timed("sample_ms", plain_ms, said)
    share = plain_cpu_s / SAMPLE_INTERVAL_S
    if sample.pss_bytes is None:
        yield Absent(CONSOLE, "pss_sample_ms", "this system tells no proportional memory (PSS)")
    else:
        full_ms, full_cpu_s = _repeated(lambda: sample_tree([pid], with_pss=True))
        yield _timed("pss_sample_ms", full_ms, said)
        # Plain samples go on at their interval; those with PSS keep below their own share.
        share += min((full_cpu_s - plain_cpu_s) / SAMPLE_INTERVAL_S, PSS_CPU_SHARE)
    yield Reading(
        CONSOLE,
        "sampling_share",
        max(0.0, share),
        f"From the CPU time of those samples, every {SAMPLE_INTERVAL_S:g} s.",
    )


def _repeated(sample: Callable[[], object]) -> tuple[list[float], float]:
    """(milliseconds of each, mean CPU seconds)."""
    took_ms: list[float] = []
    cpu_began_s = time.thread_time()
    for _ in range(SAMPLES):
        began_s = time.perf_counter()
        sample()
        took_ms.append((time.perf_counter() - began_s) * 1000)
    return took_ms, (time.thread_time() - cpu_began_s) / SAMPLES


def _timed(name: str, took_ms: list[float], statement: str) -> Reading:
    return Reading(CONSOLE, name, statistics.median(took_ms), statement, tuple(took_ms))
