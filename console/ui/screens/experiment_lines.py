"""An experiment as a line of the list, and as the head of its results."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final, cast

from console.engine.experiment.results import ExperimentResult, SelfCheck
from console.engine.statistics.figures import VerdictWord
from console.ui.figures import seconds
from console.ui.layout import Cell, columns, stacked, wrapped
from console.ui.screens.metrics_words import CHANGED_MARK, arm_name, margin_words, state_words, verdict_words
from console.ui.text import EMPTY, SafeText, fit, foreign, join, own, spread, styled, words
from store.records import ExperimentMarginRecord, ExperimentRecord

WIDE_FROM_CELLS: Final = 110
"""From this width on a result has one line, with all its columns."""


def experiment_line(experiment: ExperimentRecord, result: ExperimentResult | None, width_cells: int) -> SafeText:
    """Number, state, title, pairs, and what came of it."""
    is_wide = width_cells >= WIDE_FROM_CELLS
    title_cells = max(12, (width_cells - 34) * 3 // 5) if is_wide else max(12, width_cells - 46)
    told_cells = max(0, width_cells - title_cells - (27 if is_wide else 26))
    return columns(
        [
            Cell(words("{n}", "bold", n=experiment.number), 3, is_right=True),
            Cell(state_words(experiment.state), 10),
            Cell(foreign(experiment.title), title_cells),
            Cell(_pairs(experiment, result), 8, is_right=True),
            Cell(headline(result), told_cells),
        ]
    )


def headline(result: ExperimentResult | None) -> SafeText:
    """What the deciding metrics say, in a few words; or why nothing is said."""
    if result is None:
        return EMPTY
    if result.experiment.state in ("running", "planned", "paused") and result.progress.seconds_left is not None:
        return join([seconds(result.progress.seconds_left), own("left", "$text-muted")], " ")
    if not result.progress.finished_pairs:
        return EMPTY
    if result.experiment.kind == "self-check":
        return _self_check_words(result.self_check)
    if result.verdicts_hidden_because is not None:
        return own("verdicts hidden", "$warning")
    deciding = result.deciding or result.comparisons
    if len(deciding) == 1:
        return verdict_words(deciding[0].verdict)
    return verdict_counts([comparison.verdict for comparison in deciding])


def _self_check_words(check: SelfCheck | None) -> SafeText:
    if check is None:
        return own("self-check", "$text-muted")
    if check.says_no_difference:
        return own("✔ no difference", "$success")
    return own("! does not say “no difference”", "bold $warning")


def verdict_counts(verdicts: Sequence[VerdictWord]) -> SafeText:
    """`2 ✔ within  1 ✖ over`."""
    counted: dict[VerdictWord, int] = {word: verdicts.count(word) for word in verdicts}
    return join([join([words("{n}", n=n), verdict_words(word)], " ") for word, n in counted.items()], "  ")


def experiment_head(result: ExperimentResult, margins: Sequence[ExperimentMarginRecord], width_cells: int) -> SafeText:
    """What is compared and how, and how far it has come. `margins` are all that were set for it."""
    experiment = result.experiment
    left = join([words("Experiment {n}", "bold", n=experiment.number), state_words(experiment.state)], "  ")
    lines = [spread(left, progress_words(result), width_cells)]
    lines += [fit(line, width_cells) for line in wrapped(_design(result, margins), width_cells)]
    if experiment.state_reason:
        lines.append(fit(foreign(experiment.state_reason, "$text-muted"), width_cells))
    return stacked(lines)


def progress_words(result: ExperimentResult) -> SafeText:
    """`pair 14 of 20 · B runs · 2 m 05 s left`, or the warm-up."""
    progress = result.progress
    is_running = result.experiment.state == "running"
    if progress.warmup_pairs_done < progress.warmup_pairs and is_running:
        done = words("warm-up {k} of {n}", k=progress.warmup_pairs_done, n=progress.warmup_pairs)
    else:
        done = words("pair {k} of {n}", k=progress.finished_pairs, n=progress.max_pairs)
    now = EMPTY
    if progress.current is not None and is_running:
        now = join([arm_name(progress.current.arm_index), own("runs")], " ")
    left = EMPTY
    if progress.seconds_left is not None and result.experiment.state in ("running", "paused"):
        left = join([seconds(progress.seconds_left), own("left")], " ")
    return join([done, now, left], " · ")


def margins_that_count(margins: Sequence[ExperimentMarginRecord]) -> list[ExperimentMarginRecord]:
    """The last revision of each metric, those that decide first."""
    last = {record.metric: record for record in sorted(margins, key=lambda record: record.revision)}
    return sorted(last.values(), key=lambda record: (not record.is_primary, record.metric))


def _design(result: ExperimentResult, margins: Sequence[ExperimentMarginRecord]) -> SafeText:
    experiment = result.experiment
    arms = [join([styled(arm_name(arm.index), "bold"), foreign(arm.runtime_key)], " ") for arm in result.arms]
    deciding = sorted({record.margin_ratio for record in margins_that_count(margins) if record.is_primary})
    mark = CHANGED_MARK if any(record.revision for record in margins) else EMPTY
    told_margins = join([join([margin_words(ratio) for ratio in deciding], ", "), mark], " ")
    parts = [
        foreign(", ".join(result.scenarios)),
        join(arms, " ⇄ "),
        own("self-check") if experiment.kind == "self-check" else EMPTY,
        foreign(experiment.temperature),
        words("ABBA seed {seed}", seed=experiment.seed),
        join([own("margin"), told_margins], " ") if deciding else EMPTY,
        own("stops when settled") if experiment.stops_when_settled else EMPTY,
        words("{n} warm-up discarded", n=experiment.warmup_pairs) if experiment.warmup_pairs else EMPTY,
    ]
    return join(parts, " · ")


def _pairs(experiment: ExperimentRecord, result: ExperimentResult | None) -> SafeText:
    if result is None:
        return words("/{n}", "$text-muted", n=experiment.max_pairs)
    return words("{k}/{n}", k=result.progress.finished_pairs, n=experiment.max_pairs)


def listed(json_text: str) -> list[str]:
    """A stored JSON list of names; empty when it is none."""
    try:
        found: object = json.loads(json_text)
    except ValueError:
        return []
    return [str(item) for item in cast("list[object]", found)] if isinstance(found, list) else []
