"""`measure.mjs`: one job in a Node process of its own, looked at from outside when it asks for it."""

from __future__ import annotations

import asyncio
import json
import os
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter, ValidationError

from adapters.line_process import LineProcess
from adapters.line_splitter import OversizeLine
from adapters.process_tree import TreeSample, sample_tree, stop_orphans
from console.engine.child_environment import child_environment
from console.engine.measures.bench import Bench

JOB_TIMEOUT_S = 180.0


class MeasureError(Exception):
    """A job that could not be done; the message is one sentence."""


class _Sample(BaseModel):
    type: Literal["sample"]
    name: str
    value: float


class _Point(BaseModel):
    type: Literal["point"]
    population: int


class _Done(BaseModel):
    type: Literal["done"]


class _Failed(BaseModel):
    type: Literal["failed"]
    message: str


_REPORTS: TypeAdapter[_Sample | _Point | _Done | _Failed] = TypeAdapter(_Sample | _Point | _Done | _Failed)


@dataclass(slots=True)
class JobResult:
    """`samples` by name in order; `points` maps a population to what its process tree took."""

    samples: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict[str, list[float]](list))
    points: dict[int, TreeSample] = field(default_factory=dict[int, TreeSample])


Look = Callable[[int, int], Awaitable[None]]
"""Called at each point with the population and the pid at the root of the tree."""


@dataclass(slots=True)
class _Job:
    result: JobResult
    ended: asyncio.Future[None]
    look: Look | None
    process: LineProcess | None = None

    async def take(self, line: bytes | OversizeLine) -> None:
        if isinstance(line, OversizeLine) or self.process is None:
            return
        try:
            report = _REPORTS.validate_json(line)
        except ValidationError as error:
            self.fail(f"the measuring process broke its protocol: {error.errors()[0]['msg']}")
            return
        if isinstance(report, _Sample):
            self.result.samples[report.name].append(report.value)
        elif isinstance(report, _Point):
            await self._look(report.population, self.process)
        elif isinstance(report, _Failed):
            self.fail(report.message)
        elif not self.ended.done():
            self.ended.set_result(None)

    def fail(self, sentence: str) -> None:
        if not self.ended.done():
            self.ended.set_exception(MeasureError(sentence))

    async def _look(self, population: int, process: LineProcess) -> None:
        sample = await asyncio.to_thread(sample_tree, [process.pid], with_pss=True)
        if sample is not None:
            self.result.points[population] = sample
        if self.look is not None:
            await self.look(population, process.pid)
        try:
            await process.send("go on")
        except ConnectionError:
            self.fail(process.how_it_ended())


async def run_job(bench: Bench, name: str, job: Mapping[str, Any], *, look: Look | None = None) -> JobResult:
    """Run one job to its end; everything that it started is gone afterwards. Raises MeasureError."""
    node, folder = bench.services.node, bench.make_folder(name)
    temporary = bench.make_folder(f"{name}-tmp")
    environment = child_environment(
        node_bin=node.node_bin_dir, home=folder, working_directory=folder, temporary=temporary, extra={}
    )
    running = _Job(JobResult(), asyncio.get_running_loop().create_future(), look)
    arguments = [node.node_executable, "--expose-gc", node.app_dir / "measure.mjs", json.dumps(dict(job))]
    process = running.process = await LineProcess.spawn(
        "the measuring process",
        arguments,
        environment=environment,
        working_directory=folder,
        on_line=running.take,
        on_end=running.fail,
    )
    try:
        async with asyncio.timeout(JOB_TIMEOUT_S):
            await running.ended
    except TimeoutError as error:
        raise MeasureError(f"the job {name} was not done in {JOB_TIMEOUT_S:.0f} s") from error
    finally:
        await process.stop(grace_s=5.0)
        await stop_orphans("TMPDIR", os.fspath(temporary), grace_s=1.0)
    return running.result
