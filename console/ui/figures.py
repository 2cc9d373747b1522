"""Numbers as people read them, and states as a sign with a word."""

from __future__ import annotations

from typing import Final, LiteralString

from console.ui.text import SafeText, own, words

RUN_STATES: Final[dict[str, tuple[LiteralString, LiteralString]]] = {
    "queued": ("◌ queued", "$text-muted"),
    "running": ("● running", "$primary"),
    "succeeded": ("✔ succeeded", "$success"),
    "failed": ("✖ failed", "$error"),
    "cancelled": ("■ cancelled", "$warning"),
    "timed_out": ("✖ timed out", "$error"),
    "interrupted": ("✖ interrupted", "$error"),
}
"""Sign and word of a run's status, and their style."""


def run_state(status: str) -> SafeText:
    """A run's status as sign and word; `idle` for a status that there is not."""
    text, style = RUN_STATES.get(status, ("○ idle", "$text-muted"))
    return own(text, style)


def seconds(elapsed_s: float) -> SafeText:
    """`1.9 s`, `2 m 05 s`, `1 h 02 m`."""
    elapsed_s = max(0.0, elapsed_s)
    if elapsed_s < 60:
        return words("{s:.1f} s", s=elapsed_s)
    minutes, rest = divmod(int(elapsed_s), 60)
    if minutes < 60:
        return words("{m} m {s:02d} s", m=minutes, s=rest)
    return words("{h} h {m:02d} m", h=minutes // 60, m=minutes % 60)


def size(count_bytes: int) -> SafeText:
    """`717 MB`, `1.2 GB`, in powers of 1000."""
    if count_bytes < 1_000_000:
        return words("{n:.0f} kB", n=count_bytes / 1_000)
    if count_bytes < 1_000_000_000:
        return words("{n:.0f} MB", n=count_bytes / 1_000_000)
    return words("{n:.1f} GB", n=count_bytes / 1_000_000_000)
