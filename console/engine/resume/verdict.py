"""The resume verdict: what of the earlier beat reached the model, read from what the model was sent."""

from __future__ import annotations

from collections.abc import Sequence

from console.engine.resume.evidence import EarlierBeat, JudgedBeat, Marker, Verdict


def judge(earlier: EarlierBeat, beat: JudgedBeat, canaries: Sequence[Marker], compaction: str | None) -> Verdict:
    """Judge one beat by its first request; `compaction` is the agent's own word for a history that it shortened."""
    raise RuntimeError((earlier, beat, canaries, compaction))
