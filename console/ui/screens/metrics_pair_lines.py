"""One pair as a line: the order of running, both values, their ratio, what is odd about it, both runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from console.engine.samples.scope import PairRow, PairSide
from console.ui.layout import Cell, columns
from console.ui.plots.history import ratio_words
from console.ui.run_words import status_mark
from console.ui.screens.metrics_words import told
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words

_RUN_CELLS: Final = 8
_SCENARIO_CELLS: Final = 14


def pair_line(pair: PairRow, unit: str, side: int, width_cells: int, *, has_scenarios: bool) -> SafeText:
    """The pair; the marked side's value is bold."""
    values = [
        _value(found, unit, is_marked=index == side) for index, found in enumerate((pair.baseline, pair.candidate))
    ]
    return _line(
        words("{n}", n=pair.pair_no),
        own("A B") if pair.baseline_ran_first else own("B A"),
        values,
        ratio_words(pair.ratio, None),
        _flags(pair),
        [_run(pair.baseline), _run(pair.candidate)],
        foreign(pair.scenario) if has_scenarios else EMPTY,
        width_cells,
    )


def pair_heading(names: Sequence[SafeText], side: int, width_cells: int, has_scenarios: bool) -> SafeText:
    """The names of the columns; `▸` stands before the side that Enter opens."""
    shown = [join([own("▸"), name]) if index == side else name for index, name in enumerate(names)]
    line = _line(
        own("pair"),
        own("order"),
        shown,
        own("ratio"),
        EMPTY,
        [own("run A"), own("run B")],
        own("scenario") if has_scenarios else EMPTY,
        width_cells,
    )
    return styled(line, "$text-muted")


def _value(side: PairSide | None, unit: str, *, is_marked: bool) -> SafeText:
    if side is None:
        return own("no beat", "$text-muted")
    text = told(side.value, unit)
    if side.status != "succeeded":
        text = join([status_mark(side.status), foreign(side.status.replace("_", " "), "$error"), text], " ")
    return styled(text, "bold") if is_marked else text


def _flags(pair: PairRow) -> SafeText:
    names = (("A", pair.baseline), ("B", pair.candidate))
    found = "".join(name for name, side in names if side is not None and side.is_outlier)
    return join([own("○ outlier", "bold $warning"), foreign(found)], " ") if found else EMPTY


def _run(side: PairSide | None) -> SafeText:
    return foreign(side.run_id[:_RUN_CELLS], "$text-muted") if side is not None else EMPTY


def _line(
    number: SafeText,
    order: SafeText,
    values: Sequence[SafeText],
    ratio: SafeText,
    flags: SafeText,
    runs: Sequence[SafeText],
    scenario: SafeText,
    width_cells: int,
) -> SafeText:
    scenario_cells = _SCENARIO_CELLS if scenario else 0
    fixed = 4 + 5 + 7 + 12 + 2 * _RUN_CELLS + scenario_cells + (8 if scenario else 7)
    value_cells = min(34, max(8, (width_cells - fixed) // 2))
    return columns(
        [
            Cell(number, 4, is_right=True),
            Cell(order, 5),
            Cell(scenario, scenario_cells),
            *(Cell(value, value_cells, is_right=True) for value in values),
            Cell(ratio, 7, is_right=True),
            Cell(flags, 12),
            *(Cell(run, _RUN_CELLS) for run in runs),
        ]
    )
