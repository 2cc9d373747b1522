"""Nothing below the screens draws: importing it brings no Textual."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PROBE = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, sys.argv[1] + "."):
    importlib.import_module(module.name)
print([name for name in sys.modules if name.split(".")[0] in sys.argv[2:]])
"""


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [("adapters", ["textual", "store", "console"]), ("store", ["textual", "adapters", "console"]),
     ("console.engine", ["textual"])],
)  # fmt: skip
async def test_a_room_brings_none_of_what_it_must_not_know(package: str, forbidden: list[str]) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROBE, package, *forbidden), cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert (process.returncode, output.decode().strip()) == (0, "[]")
