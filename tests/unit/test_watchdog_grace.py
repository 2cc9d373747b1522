"""The console's own time limit leaves the adapter the time that its configuration gives it."""

from __future__ import annotations

import math

import pytest

from console.engine.beat.execution import UNTIMED_CHECKS_S, watchdog_grace_s


@pytest.mark.parametrize(
    ("config", "adapter_grace_s"),
    [
        ({}, 20.0),
        ({"graceSec": 5}, 5.0),
        ({"graceSec": 60.5}, 60.5),
        ({"graceSec": 0}, 0.0),
        ({"graceSec": -3}, 0.0),
        ({"graceSec": "60"}, 20.0),
        ({"graceSec": True}, 20.0),
        ({"graceSec": math.inf}, 20.0),
    ],
)
def test_the_watchdog_comes_after_the_adapters_grace_and_its_untimed_checks(
    config: dict[str, object], adapter_grace_s: float
) -> None:
    assert watchdog_grace_s(config) == adapter_grace_s + UNTIMED_CHECKS_S
