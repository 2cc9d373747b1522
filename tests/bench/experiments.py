"""Experiments against the truth, on the real pi: a runtime against itself, and against itself with a delay.

`make bench` prints what was found; machines differ, so no figure is asserted. `SIDEBEAT_BENCH_PAIRS` sets the pairs.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.catalogue.load import SHIPPED
from adapters.node_runtime import NodeRuntimeLayout
from console.engine.engine import Engine
from console.engine.experiment.plan import ExperimentOrder
from console.engine.experiment.reading import experiment_result
from console.engine.experiment.results import Comparison, ExperimentResult
from console.engine.experiment.wording import effect_text, number_text
from console.engine.paths import ConsolePaths
from tests.engine.consoles import console_paths, opened

PAIRS = int(os.environ.get("SIDEBEAT_BENCH_PAIRS", "20"))
DELAY_MS = 150
PACKAGE = "@paperclipai/adapter-pi-local"
DELAYED_METRICS = ("execute_to_first_request_ms", "execute_ms", "execute_minus_model_ms")

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(7_200)]


@pytest.fixture(scope="module")
def report() -> Iterator[list[str]]:
    """Lines to print at the end."""
    lines: list[str] = []
    yield lines
    print("\n" + "\n".join(lines))  # noqa: T201 -- this is what `make bench` is for


def write_delayed_adapter(folder: Path, layout: NodeRuntimeLayout) -> Path:
    """Paperclip's pi adapter as it is installed, whose `execute` waits before it begins."""
    dist = (layout.node_modules / PACKAGE / "dist").as_uri()
    folder.mkdir(parents=True)
    manifest = {
        "name": "delayed",
        "version": "1.0.0",
        "type": "module",
        "exports": {".": "./index.js", "./server": "./server.js", "./ui": "./ui.js"},
    }
    server = f"""import {{ setTimeout as later }} from "node:timers/promises";
import {{ execute as undelayed }} from "{dist}/server/index.js";
export * from "{dist}/server/index.js";
export const execute = async (ctx) => {{
  await later({DELAY_MS});
  return undelayed(ctx);
}};
"""
    (folder / "package.json").write_text(json.dumps(manifest), "utf-8")
    (folder / "server.js").write_text(server, "utf-8")
    (folder / "index.js").write_text(f'export * from "{dist}/index.js";\n', "utf-8")
    (folder / "ui.js").write_text(f'export * from "{dist}/ui/index.js";\n', "utf-8")
    return folder


def add_delayed_runtime(paths: ConsolePaths, package: Path) -> None:
    """As an operator adds one: the shipped runtime's file with another key and package."""
    text = (SHIPPED / "pi_local.toml").read_text("utf-8")
    text = text.replace('key = "pi_local"', 'key = "pi_delayed"').replace(f'"{PACKAGE}"', f'"{package}"')
    paths.runtimes.mkdir(parents=True)
    (paths.runtimes / "pi_delayed.toml").write_text(text, "utf-8")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def console(node_runtime: NodeRuntimeLayout, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Engine]:
    """One console for both experiments, so that the first is the self-check of the second."""
    paths = console_paths(tmp_path_factory.mktemp("bench"), node_runtime)
    add_delayed_runtime(paths, write_delayed_adapter(tmp_path_factory.mktemp("delayed") / "package", node_runtime))
    async with opened(paths, node_runtime) as engine:
        yield engine


async def result_of(console: Engine, order: ExperimentOrder) -> ExperimentResult:
    planned = await console.experiments.plan(order)
    await console.experiments.start(planned.id)
    ended = await console.experiments.wait(planned.id)
    assert ended.state == "finished", ended.state_reason
    return await experiment_result(console.queries, planned.id)


def lines_of(comparison: Comparison) -> Iterator[str]:
    """The effect as ratio and as difference, and what the checks say."""
    found = comparison.pairing
    yield f"  {comparison.metric}: {effect_text(comparison)}, {comparison.verdict}"
    if found.mean_difference is not None and found.difference_interval is not None:
        ends = (found.difference_interval.low, found.difference_interval.high)
        shown = " to ".join(number_text(end, comparison.unit, signed=True) for end in ends)
        yield f"    mean difference {number_text(found.mean_difference, comparison.unit, signed=True)} ({shown})"
    for check in comparison.checks:
        yield f"    {'ok' if check.passed else 'NO'} {check.statement}"


async def test_a_runtime_against_itself(console: Engine, report: list[str]) -> None:
    order = ExperimentOrder(("pi_local",), kind="self-check", max_pairs=PAIRS, min_pairs=min(PAIRS, 10), seed=1)
    result = await result_of(console, order)
    assert result.progress.finished_pairs == PAIRS
    report.append(f"A/A, {PAIRS} pairs of pi_local")
    report.append(f"  says: {result.self_check.statement if result.self_check else 'nothing'}")
    report += [line for item in result.deciding for line in lines_of(item)]
    report += [f"  caveat: {caveat}" for caveat in result.caveats]


async def test_a_runtime_against_itself_with_a_delay(console: Engine, report: list[str]) -> None:
    order = ExperimentOrder(("pi_local", "pi_delayed"), max_pairs=PAIRS, min_pairs=min(PAIRS, 10), seed=2)
    result = await result_of(console, order)
    assert result.progress.finished_pairs == PAIRS
    report.append(f"A/A+{DELAY_MS} ms, {PAIRS} pairs")
    report.append(f"  {result.verdicts_hidden_because or 'the self-check lets verdicts be shown'}")
    for item in result.comparisons:
        if item.metric not in DELAYED_METRICS:
            continue
        report += lines_of(item)
        interval = item.pairing.difference_interval
        covers = interval is not None and interval.low <= DELAY_MS <= interval.high
        finds = interval is not None and interval.low > 0
        report.append(f"    covers {DELAY_MS} ms: {covers}; finds a delay: {finds}")
