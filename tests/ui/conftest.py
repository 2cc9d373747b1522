"""Screens that repeat to the byte: no colours, time, zone or blinking from outside."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ["TEXTUAL_ANIMATIONS"] = "none"  # read when Textual is imported
os.environ["TZ"] = "UTC"
for _name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM"):
    os.environ.pop(_name, None)
time.tzset()

from store import Queries  # noqa: E402  (after the environment)
from tests.ui.fake_engine import FakeEngine, fill  # noqa: E402
from tests.ui.samples import stored  # noqa: E402

SnapCompare = Callable[..., bool]
Size = tuple[int, int]
NARROW: Size = (80, 24)
WIDE: Size = (160, 45)


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, stored once."""
    path = tmp_path_factory.mktemp("store") / "sidebeat.sqlite"
    fill(path, stored())
    return path


@pytest.fixture
def engine(database: Path) -> Iterator[FakeEngine]:
    """A fake engine over the samples."""
    queries = asyncio.run(Queries.open(database))
    fake = FakeEngine(database, queries)
    yield fake
    asyncio.run(queries.close())


async def until(pilot: Any, condition: Callable[[], object], timeout_s: float = 10.0) -> None:
    """Let the app work until the condition holds."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "the app did not come to this state"
        await pilot.pause()
    await pilot.pause()


RunBefore = Callable[[Any], Awaitable[None]]
