"""Consoles for the tests of a module."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from adapters.node_runtime import NodeRuntimeLayout
from console.engine.engine import Engine
from tests.engine.consoles import ENDLESS_SCENARIO, CommandLine, add_scenario, console_paths, opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def console(node_runtime: NodeRuntimeLayout, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Engine]:
    """One engine for all tests of a module; experimental runtimes may start, and `endless` is a scenario."""
    paths = console_paths(tmp_path_factory.mktemp("console"), node_runtime)
    add_scenario(paths, "endless", ENDLESS_SCENARIO)
    async with opened(paths, node_runtime) as engine:
        yield engine


@pytest.fixture(scope="module")
def command(node_runtime: NodeRuntimeLayout, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The command line on one database for all tests of a module."""
    return CommandLine(tmp_path_factory.mktemp("command"), node_runtime)
