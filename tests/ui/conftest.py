"""Screens that repeat to the byte: no colours, time, zone, path or blinking from outside."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["TEXTUAL_ANIMATIONS"] = "none"  # read when Textual is imported
os.environ["TZ"] = "UTC"
for _name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM"):
    os.environ.pop(_name, None)
time.tzset()

from store import Queries  # noqa: E402  (after the environment)
from tests.ui.fake_engine import FakeEngine, close_without_loop, fill  # noqa: E402
from tests.ui.samples import stored  # noqa: E402


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, stored once."""
    path = tmp_path_factory.mktemp("store") / "sidebeat.sqlite"
    fill(path, stored())
    return path


@pytest.fixture
def engine(database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEngine]:
    """A fake engine over the samples; its database is named without a folder, since the title shows it."""
    monkeypatch.chdir(database.parent)
    queries = asyncio.run(Queries.open(Path(database.name)))
    yield FakeEngine(Path(database.name), queries)
    close_without_loop(queries)
