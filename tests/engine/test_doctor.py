"""The doctor asks each adapter itself, with the configuration that a beat would give it."""

from __future__ import annotations

import pytest

from console.engine.doctor import console_checks, packages_check, runtime_checks
from console.engine.engine import Engine

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("key", ["pi_local", "agentos_local/pi"])
async def test_an_adapter_that_beats_use_passes_its_own_test(console: Engine, key: str) -> None:
    checks = await runtime_checks(console, console.runtime(key))
    assert checks[0].code == "adapter"
    assert checks[0].message.endswith(": pass")
    assert [check for check in checks if check.level == "error"] == []


async def test_the_console_tells_what_it_stands_on(console: Engine) -> None:
    assert {"python", "database", "git"} <= {check.code for check in console_checks(console)}
    assert (await packages_check(console)).level == "info"


async def test_a_test_leaves_the_agents_home_as_it_was(console: Engine) -> None:
    home = console.paths.home("agent-pi_local")
    before = sorted(home.rglob("*")) if home.exists() else []
    await runtime_checks(console, console.runtime("pi_local"))
    assert (sorted(home.rglob("*")) if home.exists() else []) == before
