"""An engine that does not open, or does not close as it should, leaves nothing that keeps Python alive."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from console.engine import engine as engine_module
from console.engine.engine import Engine
from console.engine.every_step import every_step
from console.engine.launches import Launches
from store import StoreError
from store.records import LaunchRecord
from tests.unit.open_services import paths_below
from tests.unit.store_samples import sample


async def assert_ended(threads: set[threading.Thread]) -> None:
    """A thread of the database ends shortly after its connection."""
    for thread in threads:
        await asyncio.to_thread(thread.join, 10)
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize("error", [RuntimeError("cannot mend"), asyncio.CancelledError()])
async def test_an_error_while_opening_closes_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    began: set[threading.Thread] = set()

    async def fail(*_: object) -> None:
        began.update(thread for thread in threading.enumerate() if "_connection_worker" in thread.name)
        raise error

    monkeypatch.setattr(engine_module, "recover", fail)
    with pytest.raises(type(error)):
        await Engine.open(paths_below(tmp_path))
    assert began
    await assert_ended(began)


async def test_a_launch_that_cannot_be_closed_keeps_no_other_step_from_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_launches: Launches) -> None:
        raise RuntimeError("a lane does not stop")

    monkeypatch.setattr(Launches, "close", fail)
    engine = await Engine.open(paths_below(tmp_path))
    began = {thread for thread in threading.enumerate() if "_connection_worker" in thread.name}
    with pytest.raises(RuntimeError, match="a lane does not stop"):
        await engine.close()
    with pytest.raises(StoreError, match="it is closed"):
        engine.store.put(sample(LaunchRecord))
    await assert_ended(began)


async def test_the_first_error_of_several_steps_names_the_others() -> None:
    async def fail(sentence: str) -> None:
        raise RuntimeError(sentence)

    with pytest.raises(RuntimeError, match="first") as caught:
        await every_step((lambda: fail("first"), lambda: fail("second")))
    assert caught.value.__notes__ == ["and then RuntimeError: second"]
