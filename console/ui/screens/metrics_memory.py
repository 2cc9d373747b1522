"""Memory of both sides of a pair over time, on the same scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from console.engine.samples.scope import PairRow, PairSide
from console.ui.layout import stacked
from console.ui.plots.timeline import time_scale, timeline
from console.ui.run_words import byte_count
from console.ui.text import SafeText, fit, join, own, words
from store.queries import Queries
from store.records import ProcessSampleRecord


@dataclass(frozen=True, slots=True)
class MemoryOfPair:
    """The process samples of both runs; `is_pss` where every one of them tells proportional memory."""

    pair_no: int
    baseline: tuple[ProcessSampleRecord, ...]
    candidate: tuple[ProcessSampleRecord, ...]

    @property
    def is_pss(self) -> bool:
        """Whether all samples have PSS; else both sides are shown by RSS."""
        samples = (*self.baseline, *self.candidate)
        return any(sample.pss_bytes is not None for sample in samples) and all(
            any(sample.pss_bytes is not None for sample in side) for side in (self.baseline, self.candidate) if side
        )


async def read_memory(queries: Queries, pair: PairRow) -> MemoryOfPair:
    """Both runs' samples."""
    return MemoryOfPair(pair.pair_no, await _samples(queries, pair.baseline), await _samples(queries, pair.candidate))


async def _samples(queries: Queries, side: PairSide | None) -> tuple[ProcessSampleRecord, ...]:
    return tuple(await queries.process_samples(side.run_id)) if side is not None else ()


def memory_plot(memory: MemoryOfPair, width_cells: int, height: int) -> SafeText:
    """A over B: bytes of the process tree from the call of execute on."""
    sides = [_points(side, is_pss=memory.is_pss) for side in (memory.baseline, memory.candidate)]
    points = [point for side in sides for point in side]
    if not points:
        return own("No memory was sampled in this pair.", "$text-muted")
    x_axis = (min(0.0, *(x for x, _ in points)), max(x for x, _ in points))
    top = max(y for _, y in points)
    lines: list[SafeText] = []
    looks: tuple[tuple[SafeText, LiteralString], ...] = ((own("A"), "$primary"), (own("B"), "$secondary"))
    for (name, style), side in zip(looks, sides, strict=True):
        lines.append(fit(_head(name, side, memory), width_cells))
        lines += timeline(side, x_axis, (top, byte_count(top)), (width_cells, height), style)
    return stacked([*lines, time_scale(x_axis, width_cells)])


def _head(name: SafeText, side: Sequence[tuple[float, float]], memory: MemoryOfPair) -> SafeText:
    what = own("PSS") if memory.is_pss else own("RSS, which counts shared pages once for each process")
    peak = byte_count(max(y for _, y in side)) if side else own("no samples")
    parts = [name, words("pair {n}", n=memory.pair_no), join([own("peak"), peak], " "), what]
    return join([parts[0], join(parts[1:], " · ")], "  ")


def _points(samples: Sequence[ProcessSampleRecord], *, is_pss: bool) -> list[tuple[float, float]]:
    if is_pss:
        return [(sample.at_ms, float(sample.pss_bytes)) for sample in samples if sample.pss_bytes is not None]
    return [(sample.at_ms, float(sample.rss_bytes)) for sample in samples]
