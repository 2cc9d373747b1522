"""The stored numbers that tell how long a step before `execute` took: written by a beat, read by those who show it."""

from __future__ import annotations

from console.engine.events import Step

STEP_METRICS = {
    Step.CHECKOUT: "checkout_ms",
    Step.ROOT: "root_ms",
    Step.ENDPOINT: "endpoint_ms",
    Step.BRIDGE: "bridge_ms",
}
