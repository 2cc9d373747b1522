"""One run as a line of the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from console.ui.figures import run_state
from console.ui.layout import Cell, columns
from console.ui.run_words import duration, lane_name, moment, outcomes_differ
from console.ui.text import EMPTY, SafeText, foreign, own, styled, words
from store.records import RunRecord

WIDE_FROM_CELLS: Final = 118
"""From this width on, a line has the date, the mode, and what was said."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """As much of a run as its line shows: a page of whole records would be held in memory for nothing."""

    run_id: str
    status: str
    differs: bool
    created_at: str
    issue: str
    beat_index: int
    lane_index: int
    runtime_key: str
    experimental: bool
    scenario: str
    mode: str
    took: SafeText
    message: str

    @classmethod
    def of(cls, run: RunRecord, issue: str) -> RunLine:
        """The line of a run; `issue` is the issue's identifier."""
        return cls(
            run_id=run.id,
            status=run.status,
            differs=outcomes_differ(run),
            created_at=run.created_at,
            issue=issue,
            beat_index=run.beat_index,
            lane_index=run.lane_index,
            runtime_key=run.runtime_key,
            experimental=run.experimental,
            scenario=run.scenario,
            mode=f"{run.bridge_mode} {run.model_mode}",
            took=duration(run),
            message=run.error_message or run.summary or "",
        )

    def has(self, wanted: Sequence[str]) -> bool:
        """Whether it contains every one of these words, given in small letters."""
        texts = [self.issue, self.runtime_key, self.scenario, self.status, self.mode, self.run_id, self.message]
        together = " ".join(texts).casefold()
        return all(word in together for word in wanted)


class _Texts(NamedTuple):
    """A line's cells, from left to right."""

    when: SafeText
    issue: SafeText
    beat: SafeText
    lane: SafeText
    runtime: SafeText
    scenario: SafeText
    mode: SafeText
    outcome: SafeText
    differs: SafeText
    took: SafeText
    message: SafeText


_HEADINGS: Final = _Texts(
    own("when"),
    own("issue"),
    own("bt"),
    own("·"),
    own("runtime"),
    own("scenario"),
    own("mode"),
    own("outcome"),
    own(" "),
    own("took"),
    own("what was said"),
)


def run_line(line: RunLine, width_cells: int) -> SafeText:
    """The line, in columns."""
    wide = width_cells >= WIDE_FROM_CELLS
    texts = _Texts(
        when=moment(line.created_at, with_date=wide),
        issue=foreign(line.issue, "bold"),
        beat=words("{beat}", beat=line.beat_index),
        lane=lane_name(line.lane_index),
        runtime=foreign(line.runtime_key, "$secondary" if line.experimental else "$foreground"),
        scenario=foreign(line.scenario),
        mode=foreign(line.mode, "$text-muted"),
        outcome=run_state(line.status),
        differs=own("≠", "bold $warning") if line.differs else EMPTY,
        took=line.took,
        message=foreign(line.message, "$error" if line.status == "failed" else "$text-muted"),
    )
    return _line(texts, width_cells)


def heading_line(width_cells: int) -> SafeText:
    """The names of the columns."""
    return styled(_line(_HEADINGS, width_cells), "$text-muted")


def _line(texts: _Texts, width_cells: int) -> SafeText:
    wide = width_cells >= WIDE_FROM_CELLS
    flexible = max(20, width_cells - 47)
    scenario_cells = 16 if wide else min(18, max(8, flexible * 2 // 5))
    return columns(
        [
            Cell(texts.when, 19 if wide else 8),
            Cell(texts.issue, 7),
            Cell(texts.beat, 2, is_right=True),
            Cell(texts.lane, 1),
            Cell(texts.runtime, 24 if wide else flexible - scenario_cells),
            Cell(texts.scenario, scenario_cells),
            Cell(texts.mode, 13 if wide else 0),
            Cell(texts.outcome, 13),
            Cell(texts.differs, 1),
            Cell(texts.took, 7, is_right=True),
            Cell(texts.message, max(0, width_cells - 114) if wide else 0),
        ]
    )
