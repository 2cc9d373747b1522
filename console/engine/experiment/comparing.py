"""Stored rows in, comparisons out: every compared metric of every candidate, beat and scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from console.engine.experiment.looks import verdict_confidence
from console.engine.experiment.overall import overall_comparison
from console.engine.experiment.results import Comparison, Margin
from console.engine.experiment.rows import ExperimentRows, FinishedPair
from console.engine.experiment.wording import comparison_statement
from console.engine.measures.definitions import MetricDefinition, MetricDefinitions
from console.engine.statistics.figures import Check, Pairing, Rate, Sample
from console.engine.statistics.gates import plain_median, summary
from console.engine.statistics.holm import holm_adjusted
from console.engine.statistics.paired import Effects, Pair, effects, pairing
from console.engine.statistics.rates import rate
from console.engine.statistics.soundness import soundness_checks
from console.engine.statistics.student import CONFIDENCE
from console.engine.statistics.verdict import Judgement, judge, limit_of

NO_PAIRING = Pairing(0, None, None, None, None, None, None, "it is a rate")


@dataclass(frozen=True, slots=True)
class Draft:
    """A comparison before those that decide were judged together."""

    comparison: Comparison
    judgement: Judgement
    effects: Effects


def compare(rows: ExperimentRows, definitions: MetricDefinitions) -> tuple[Comparison, ...]:
    """All comparisons, by metric in the order of the definitions, beat, candidate and scenario.

    Where several scenarios have a metric, their comparison over all of them (scenario None) follows. Intervals are told
    at 95%; verdicts are judged at the confidence that the experiment's looks leave to each.
    """
    margins, confidence = margins_by_metric(rows), verdict_confidence(rows.experiment)
    drafts = [
        draft
        for definition in compared_in(definitions, rows.experiment.temperature)
        for draft in _drafts(rows, definition, margins.get(definition.name), confidence)
    ]
    decided = _decided_together(drafts, 1 - confidence)
    return tuple(_with_overall(decided))


def compared_in(definitions: MetricDefinitions, temperature: str) -> Iterator[MetricDefinition]:
    """What is compared at this temperature."""
    return (item for item in definitions.compared if item.temperature in ("any", temperature))


def margins_by_metric(rows: ExperimentRows) -> dict[str, Margin]:
    """The margin that counts for each metric, with its history."""
    found: dict[str, Margin] = {}
    for record in sorted(rows.margins, key=lambda record: record.revision):
        before = found[record.metric].history if record.metric in found else ()
        found[record.metric] = Margin(record.metric, record.margin_ratio, record.is_primary, (*before, record))
    return found


def _drafts(
    rows: ExperimentRows, definition: MetricDefinition, margin: Margin | None, confidence: float
) -> Iterator[Draft]:
    beat_indexes = sorted(set(_beat_indexes(rows.measured_pairs)))
    for beat_index in beat_indexes:
        if not _has(definition, beat_index):
            continue
        for arm in range(1, len(rows.runtime_keys)):
            for scenario in rows.scenarios:
                pairs = [pair for pair in rows.measured_pairs if pair.scenario == scenario]
                draft = _draft(pairs, definition, margin, arm, beat_index, scenario, confidence)
                if draft is not None:
                    yield draft


def _beat_indexes(pairs: Sequence[FinishedPair]) -> Iterator[int]:
    return (beat.run.beat_index for pair in pairs for trial in pair.trials for beat in trial.beats)


def _has(definition: MetricDefinition, beat_index: int) -> bool:
    return definition.beats == "any" or (definition.beats == "first") == (beat_index == 1)


def _draft(
    finished: Sequence[FinishedPair],
    definition: MetricDefinition,
    margin: Margin | None,
    arm: int,
    beat_index: int,
    scenario: str,
    confidence: float,
) -> Draft | None:
    """None where no pair has the number in either arm."""
    if definition.kind == "rate":
        return _rate_draft(finished, definition, arm, beat_index, scenario)
    baselines, candidates = (_samples(finished, definition.name, index, beat_index) for index in (0, arm))
    if not baselines and not candidates:
        return None
    complete = [pair for pair in finished if pair.pair_no in baselines and pair.pair_no in candidates]
    baseline, candidate = (summary([samples[pair.pair_no] for pair in complete]) for samples in (baselines, candidates))
    pairs = [
        Pair(before, after, pair.ran_before(0, arm))
        for pair, before, after in zip(complete, baseline.samples, candidate.samples, strict=True)
    ]
    judgement, found = judge_pairs(pairs, definition.floor, margin, confidence)
    kept = [pair for pair in pairs if not (pair.baseline.is_outlier or pair.candidate.is_outlier)]
    without_outliers, _ = judge_pairs(kept, definition.floor, margin, confidence)
    comparison = Comparison(
        metric=definition.name,
        unit=definition.unit,
        beat_index=beat_index,
        scenario=scenario,
        baseline=baseline,
        candidate=candidate,
        candidate_arm=arm,
        pairing=pairing(pairs, definition.floor),
        margin=margin,
        verdict=judgement.word,
        verdict_without_outliers=without_outliers.word,
        pairs_needed=judgement.pairs_needed,
        checks=soundness_checks(pairs, found) if pairs else (),
        title=definition.title,
        decides=margin is not None and margin.is_primary,
        incomplete_pairs=len(baselines.keys() | candidates.keys()) - len(complete),
    )
    return Draft(comparison, judgement, found)


def judge_pairs(
    pairs: Sequence[Pair], floor: float, margin: Margin | None, confidence: float
) -> tuple[Judgement, Effects]:
    """The verdict of these pairs, and the effects behind it."""
    found = effects(pairs, floor)
    if margin is None or not pairs:
        return judge(found, None if margin is None else 0.0, confidence), found
    median = plain_median([pair.baseline.value for pair in pairs])
    return judge(found, limit_of(found, margin.ratio, baseline_median=median, floor=floor), confidence), found


def _samples(pairs: Sequence[FinishedPair], metric: str, arm: int, beat_index: int) -> dict[int, Sample]:
    """By pair: the numbers of beats that count."""
    found: dict[int, Sample] = {}
    for pair in pairs:
        beat = pair.trials[arm].beat(beat_index)
        if beat is not None and beat.counts and metric in beat.metrics:
            found[pair.pair_no] = Sample(pair.pair_no, beat.run.id, beat.metrics[metric])
    return found


def _rate_draft(
    finished: Sequence[FinishedPair], definition: MetricDefinition, arm: int, beat_index: int, scenario: str
) -> Draft | None:
    """Counts every beat that has the number, failed ones too: a rate of the successful only would flatter."""
    samples = [_rate_samples(finished, definition.name, index, beat_index) for index in (0, arm)]
    if not any(samples):
        return None
    baseline, candidate = (summary(found) for found in samples)
    comparison = Comparison(
        metric=definition.name,
        unit=definition.unit,
        beat_index=beat_index,
        scenario=scenario,
        baseline=baseline,
        candidate=candidate,
        candidate_arm=arm,
        pairing=NO_PAIRING,
        margin=None,
        verdict="no margin",
        verdict_without_outliers="no margin",
        pairs_needed=None,
        checks=(),
        title=definition.title,
        baseline_rate=_rate(samples[0]),
        candidate_rate=_rate(samples[1]),
    )
    return Draft(comparison, Judgement("no margin"), Effects((), are_logs=False))


def _rate_samples(pairs: Sequence[FinishedPair], metric: str, arm: int, beat_index: int) -> list[Sample]:
    beats = [(pair.pair_no, pair.trials[arm].beat(beat_index)) for pair in pairs]
    return [
        Sample(pair_no, beat.run.id, beat.metrics[metric])
        for pair_no, beat in beats
        if beat is not None and metric in beat.metrics
    ]


def _rate(samples: Sequence[Sample]) -> Rate:
    return rate(sum(sample.value >= 0.5 for sample in samples), len(samples))


def _decided_together(drafts: Sequence[Draft], alpha: float) -> list[Draft]:
    """Holm's step-down over those that decide; the others stay as they are."""
    deciding = [index for index, draft in enumerate(drafts) if draft.comparison.decides]
    p_margins = [drafts[index].judgement.p_margin for index in deciding]
    p_values = [drafts[index].comparison.pairing.p_value for index in deciding]
    adjusted_margins = dict(zip(deciding, _adjusted(p_margins), strict=True))
    adjusted = dict(zip(deciding, _adjusted(p_values), strict=True))
    return [
        _together(draft, adjusted[index], adjusted_margins[index], alpha) if len(deciding) > 1 and index in adjusted
        else draft
        for index, draft in enumerate(drafts)
    ]  # fmt: skip


def _adjusted(p_values: Sequence[float | None]) -> list[float | None]:
    known = holm_adjusted([value for value in p_values if value is not None])
    remaining = iter(known)
    return [None if value is None else next(remaining) for value in p_values]


def _together(draft: Draft, p_value: float | None, p_margin: float | None, alpha: float) -> Draft:
    comparison = replace(draft.comparison, pairing=replace(draft.comparison.pairing, p_value=p_value))
    if not comparison.is_settled or p_margin is None or p_margin <= alpha:
        return replace(draft, comparison=comparison)
    # Not the word itself: a check is told where verdicts are hidden, too.
    told = f"settled by itself, but not among the metrics that decide (Holm: p {p_margin:.3f})"
    checks = (*comparison.checks, Check("several metrics", False, told))
    unsettled = replace(comparison, verdict="not settled", pairs_needed=None, checks=checks)
    return replace(draft, comparison=unsettled)


def _with_overall(drafts: Sequence[Draft]) -> Iterator[Comparison]:
    """Each comparison with its sentence; after those of several scenarios the one over all of them."""
    groups: dict[tuple[str, int, int], list[Draft]] = {}
    for draft in drafts:
        found = draft.comparison
        groups.setdefault((found.metric, found.beat_index, found.candidate_arm), []).append(draft)
    for group in groups.values():
        comparisons = [draft.comparison for draft in group]
        if len(group) > 1:
            by_scenario = {draft.comparison.scenario or "": draft.effects for draft in group}
            comparisons.append(overall_comparison(comparisons, by_scenario, CONFIDENCE))
        yield from (replace(item, statement=comparison_statement(item)) for item in comparisons)
