"""Asks for another margin. It stays marked, so it takes a reason."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from console.engine.experiment.results import ExperimentResult
from console.engine.measures.definitions import load_definitions
from console.ui.layout import stacked
from console.ui.modals.picker import Choice, PickerModal
from console.ui.screens.experiment_lines import margins_that_count
from console.ui.screens.metrics_words import margin_words
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.words import Words
from console.ui.widgets.writing import WritingArea, WritingLine
from store.records import ExperimentMarginRecord


@dataclass(frozen=True, slots=True)
class MarginChange:
    """What the operator wants: how much more still counts as within, and why it is not what was fixed before."""

    metric: str
    ratio: float
    reason: str


async def ask_for_margin(
    app: App[None], result: ExperimentResult, margins: Sequence[ExperimentMarginRecord], item_key: str | None
) -> MarginChange | None:
    """Ask for the metric, beginning with the one under the cursor, then for ratio and reason."""
    ratios = {record.metric: record.margin_ratio for record in margins_that_count(margins)}
    takers = [item for item in load_definitions().compared if item.kind == "number" and item.direction == "lower"]
    takers.sort(key=lambda item: item.name not in ratios)
    choices = [Choice(item.name, foreign(item.title), _now(ratios.get(item.name))) for item in takers]
    picker = PickerModal(own("Margin of which metric?"), choices, current=_metric_of(result, item_key))
    metric = await app.push_screen_wait(picker)
    if metric is None:
        return None
    title = foreign(load_definitions().metric(metric).title)
    return await app.push_screen_wait(MarginModal(metric, title, ratios.get(metric), result.progress.finished_pairs))


def _metric_of(result: ExperimentResult, item_key: str | None) -> str | None:
    kind, _, number = (item_key or "").partition(":")
    if kind != "metric" or not number.isdigit():
        return None
    numbers = [item for item in result.comparisons if item.baseline_rate is None]
    return numbers[int(number)].metric if int(number) < len(numbers) else None


def _now(ratio: float | None) -> SafeText:
    return own("no margin") if ratio is None else join([own("now"), margin_words(ratio)], " ")


class MarginModal(ModalScreen[MarginChange | None]):
    """Dismissed with the change, or None."""

    BINDINGS = [("escape", "leave"), ("ctrl+s", "store")]  # noqa: RUF012  (as Textual declares it)
    DEFAULT_CSS = """
    MarginModal { align: center middle; background: $background 60%; }
    MarginModal > Vertical {
        width: 74; max-width: 95%; height: auto; max-height: 95%; padding: 1 2;
        background: $surface; border: round $warning;
    }
    MarginModal Words { height: auto; }
    MarginModal .label { color: $text-muted; margin-top: 1; }
    MarginModal WritingArea { height: 4; }
    MarginModal .complaint { color: $error; }
    MarginModal .keys { color: $text-muted; margin-top: 1; }
    """

    def __init__(self, metric: str, title: SafeText, now: float | None, finished_pairs: int) -> None:
        super().__init__()
        self._metric, self._title, self._now, self._finished_pairs = metric, title, now, finished_pairs

    def compose(self) -> ComposeResult:
        """What it means, the ratio, the reason."""
        with Vertical():
            yield Words(join([own("Change the margin of", "bold"), styled(self._title, "bold")], " "))
            yield Words(self._warning())
            yield Words(own("ratio that still counts as within, such as 1.25"), classes="label")
            yield WritingLine(f"{self._now:g}" if self._now is not None else "", "1.25")
            yield Words(own("reason"), classes="label")
            yield WritingArea()
            yield Words(classes="complaint")
            yield Words(_KEYS, classes="keys")

    def _warning(self) -> SafeText:
        pairs = self._finished_pairs
        if not pairs:
            return own("No pair has finished: the change is kept with its reason.", "$text-muted")
        told = words("{n} pairs have finished, so the result is known.", "$warning", n=pairs)
        return stacked([told, own("The change stays marked for ever, wherever the verdict is shown.", "$warning")])

    def on_mount(self) -> None:
        """Begin with the ratio."""
        self.query_one(WritingLine).focus()

    def on_input_submitted(self) -> None:
        """On to the reason."""
        self.query_one(WritingArea).focus()

    def action_store(self) -> None:
        """Close with the change, if it is complete."""
        ratio, reason = _number(self.query_one(WritingLine).value), self.query_one(WritingArea).text.strip()
        if ratio is None or ratio <= 1:
            self._complain(own("Give a ratio above 1, such as 1.25."))
        elif ratio == self._now:
            self._complain(own("That is the margin now; give another, or leave with Esc."))
        elif not reason:
            self._complain(own("Give a reason: it is shown beside the verdict."))
        else:
            self.dismiss(MarginChange(self._metric, ratio, reason))

    def _complain(self, text: SafeText) -> None:
        self.query_one(".complaint", Words).show(text)

    def action_leave(self) -> None:
        """Close without a change."""
        self.dismiss(None)


def _number(text: str) -> float | None:
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


_KEYS = join(
    [
        join([own("^s", "bold $primary"), own("store")], " "),
        join([own("Tab", "bold $primary"), own("next field")], " "),
        join([own("Esc", "bold $primary"), own("leave")], " "),
        EMPTY,
    ],
    "    ",
)
