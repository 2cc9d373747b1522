"""The plots of one comparison: both arms' values on one axis, the interval, the waterfall's phases."""

from __future__ import annotations

from collections.abc import Iterator

from console.engine.experiment.results import Comparison
from console.engine.statistics.figures import Summary
from console.ui.layout import padded
from console.ui.plots.axis import Axis, value_axis
from console.ui.plots.strip import Dot, strip
from console.ui.screens.metrics_words import NOTHING, arm_name, told
from console.ui.text import EMPTY, SafeText, fit, join, own, spread, styled, words

_NAME_CELLS = 2


def both_strips(comparison: Comparison, width_cells: int, height: int) -> Iterator[SafeText]:
    """A over B, then the ends of their axis."""
    values = [sample.value for side in (comparison.baseline, comparison.candidate) for sample in side.samples]
    if not values:
        yield own("No pair has this number in both arms.", "$text-muted")
        return
    axis = value_axis(values, max(8, width_cells - _NAME_CELLS))
    for arm_index, summary in ((0, comparison.baseline), (comparison.candidate_arm, comparison.candidate)):
        yield from _one_strip(arm_name(arm_index), summary, axis, height, "B" if arm_index else "A")
    low, high = told(axis.low, comparison.unit), told(axis.high, comparison.unit)
    kind = own("logarithmic") if axis.is_log else EMPTY
    ends = spread(join([low, kind], "   "), high, axis.width_cells)
    yield join([padded(EMPTY, _NAME_CELLS), styled(ends, "$text-muted")])


def _one_strip(name: SafeText, summary: Summary, axis: Axis, height: int, look: str) -> Iterator[SafeText]:
    dots = [Dot(sample.value, sample.is_outlier) for sample in summary.samples]
    drawn = strip(dots, axis, median=summary.p50, height=height, style="$primary" if look == "A" else "$secondary")
    for number, line in enumerate(drawn.lines):
        if number < height - 1 and not line.plain.strip():
            continue  # nothing is stacked so high
        lead = styled(name, "bold") if number == height - 1 else EMPTY
        yield join([padded(lead, _NAME_CELLS), line])
    if drawn.values_per_dot > 1:
        note = words("  each dot is {n} values", "$text-muted", n=drawn.values_per_dot)
        yield fit(note, axis.width_cells + _NAME_CELLS)


def summary_words(summary: Summary, unit: str) -> SafeText:
    """`n 20  min 1,700 ms  p50 1,843 ms  p95 2,010 ms  max 2,100 ms`, with `~` before what is rough."""
    rough = own("~", "$warning")
    too_few = own("n too small", "$text-muted")
    p50 = too_few if summary.p50 is None else join([rough if summary.p50_is_rough else EMPTY, told(summary.p50, unit)])
    p95 = NOTHING if summary.p95 is None else join([rough if summary.p95_is_rough else EMPTY, told(summary.p95, unit)])
    p99 = NOTHING if summary.p99 is None else join([rough if summary.p99_is_rough else EMPTY, told(summary.p99, unit)])
    named = (
        (own("n"), words("{n}", n=summary.n)),
        (own("min"), told(summary.minimum, unit)),
        (own("p50"), p50),
        (own("p95"), p95 if summary.n >= 20 else too_few),
        (own("p99"), p99 if summary.n >= 100 else EMPTY),
        (own("max"), told(summary.maximum, unit)),
    )
    return join([join([styled(name, "$text-muted"), value], " ") for name, value in named if value], "  ")
