"""The doctor asks each adapter itself, with the configuration that a beat would give it."""

from __future__ import annotations

import pytest

from console.engine.doctor import console_checks, runtime_checks
from console.engine.engine import Engine

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("key", ["pi_local", "agentos_local/pi"])
async def test_an_adapter_that_beats_use_passes_its_own_test(console: Engine, key: str) -> None:
    checks = await runtime_checks(console, console.runtime(key))
    assert checks[0].code == "adapter"
    assert checks[0].message.endswith(": pass")
    assert [check for check in checks if check.level == "error"] == []


async def test_the_console_tells_what_it_stands_on(console: Engine) -> None:
    codes = {check.code: check.level for check in console_checks(console)}
    assert codes["node_packages"] == "info"
    assert {"python", "database", "git"} <= set(codes)
