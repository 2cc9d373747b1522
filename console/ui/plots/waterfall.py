"""The phases of a beat one after the other, A over B: where the time goes, and what the candidate costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, LiteralString

from console.ui.layout import Cell, columns, stacked
from console.ui.plots.axis import Axis
from console.ui.plots.cells import CellLine
from console.ui.text import EMPTY, SafeText, own, styled, words

_VALUE_CELLS: Final = 11
_A: Final[tuple[str, LiteralString]] = ("█", "$primary")
_B: Final[tuple[str, LiteralString]] = ("▒", "$secondary")


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase with how long it took in either arm, in milliseconds; None where it is not known."""

    name: SafeText
    a_ms: float | None
    b_ms: float | None

    @property
    def difference_ms(self) -> float | None:
        """What B takes longer."""
        return None if self.a_ms is None or self.b_ms is None else self.b_ms - self.a_ms


@dataclass(frozen=True, slots=True)
class _Bar:
    start_ms: float
    took_ms: float | None


def waterfall(phases: Sequence[Phase], width_cells: int) -> list[SafeText]:
    """Two lines for each phase; a bar begins where the one of the phase before ended. Shares one axis from 0."""
    name_cells = min(26, max(8, width_cells // 4))
    bar_cells = max(1, width_cells - name_cells - 2 * _VALUE_CELLS - 5)
    a_bars, b_bars = _bars([phase.a_ms for phase in phases]), _bars([phase.b_ms for phase in phases])
    longest = max((bar.start_ms + (bar.took_ms or 0.0) for bar in (*a_bars, *b_bars)), default=0.0)
    axis = Axis(0.0, longest or 1.0, bar_cells)
    drawn: list[SafeText] = []
    for phase, a, b in zip(phases, a_bars, b_bars, strict=True):
        upper = [Cell(phase.name, name_cells), Cell(own("A"), 1), Cell(_drawn(a, axis, _A), bar_cells)]
        lower = [Cell(EMPTY, name_cells), Cell(own("B"), 1), Cell(_drawn(b, axis, _B), bar_cells)]
        upper += [Cell(milliseconds(phase.a_ms), _VALUE_CELLS, is_right=True), Cell(EMPTY, _VALUE_CELLS)]
        lower += [Cell(milliseconds(phase.b_ms), _VALUE_CELLS, is_right=True)]
        lower += [Cell(more(phase.difference_ms), _VALUE_CELLS, is_right=True)]
        drawn.append(stacked([columns(upper), columns(lower)]))
    return drawn


def totals(phases: Sequence[Phase]) -> Phase:
    """All phases together; what is not known counts for nothing."""
    return Phase(
        own("all phases", "bold"),
        sum(phase.a_ms or 0.0 for phase in phases),
        sum(phase.b_ms or 0.0 for phase in phases),
    )


def milliseconds(value: float | None) -> SafeText:
    """`1,843 ms`, with a decimal below 100."""
    if value is None:
        return own("\N{EN DASH}", "$text-muted")
    return words("{ms:,.1f} ms", ms=value) if abs(value) < 100 else words("{ms:,.0f} ms", ms=value)


def more(difference: float | None) -> SafeText:
    """`+180 ms` or `-3.1 ms`."""
    if difference is None:
        return EMPTY
    text = words("{ms:+,.1f} ms", ms=difference) if abs(difference) < 100 else words("{ms:+,.0f} ms", ms=difference)
    return styled(text, "bold" if difference > 0 else "$text-muted")


def _bars(times_ms: Sequence[float | None]) -> list[_Bar]:
    bars: list[_Bar] = []
    start = 0.0
    for took in times_ms:
        bars.append(_Bar(start, took))
        start += max(0.0, took or 0.0)
    return bars


def _drawn(bar: _Bar, axis: Axis, look: tuple[str, LiteralString]) -> SafeText:
    line = CellLine(axis.width_cells)
    sign, style = look
    if bar.took_ms:
        first, last = axis.step(bar.start_ms), axis.step(bar.start_ms + max(0.0, bar.took_ms))
        is_short = last == first
        line.put(min(first, axis.width_cells - 1), "▏" if is_short else sign * (last - first), style)
    return line.text()
