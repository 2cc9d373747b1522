"""A console starts, and a beat runs, without the statistics: they take a second to import."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PROBE = "import importlib, sys; importlib.import_module(sys.argv[1]); print('scipy' in sys.modules)"


@pytest.mark.parametrize("module", ["console.cli.main", "console.engine.engine", "console.ui.app"])
async def test_a_start_brings_no_statistics(module: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROBE, module), cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert (process.returncode, output.decode().strip()) == (0, "False")
