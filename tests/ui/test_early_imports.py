"""The first screen comes early: what only later screens need is imported with them."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PROBE = """
import sys
import console.cli.main, console.ui.app, console.ui.screens.lanes
print([name for name in sys.modules if name.split(".")[0] in ("scipy", "numpy") or name.startswith("console.ui.plots")])
"""


async def test_the_lanes_and_the_command_bring_neither_statistics_nor_plots() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROBE, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert (process.returncode, output.decode().strip()) == (0, "[]")
