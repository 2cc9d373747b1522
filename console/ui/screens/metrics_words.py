"""How metrics, verdicts and margins are said: signs and words, so that colour adds nothing to them."""

from __future__ import annotations

from typing import Final, LiteralString

from console.engine.statistics.figures import Check, Interval, VerdictWord
from console.ui.run_words import byte_count
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words

NOTHING: Final = own("\N{EN DASH}", "$text-muted")
"""Stands where there is no value."""

CHANGED_MARK: Final = own("⚑", "bold $warning")
"""A margin that is not the one that was fixed before the first pair."""

ARMS: Final[tuple[LiteralString, ...]] = ("A", "B", "C", "D")

_VERDICTS: Final[dict[VerdictWord, tuple[LiteralString, LiteralString]]] = {
    "within": ("✔ within", "$success"),
    "over": ("✖ over", "$error"),
    "not settled": ("◐ not settled", "$warning"),
    "no margin": ("· no margin", "$text-muted"),
    "too few pairs": ("… too few pairs", "$text-muted"),
}
_WHISKER_STYLES: Final[dict[VerdictWord, LiteralString]] = {
    "within": "$success",
    "over": "$error",
    "not settled": "$warning",
    "no margin": "$primary",
    "too few pairs": "$text-muted",
}
_STATES: Final[dict[str, tuple[LiteralString, LiteralString]]] = {
    "planned": ("◌ planned", "$text-muted"),
    "running": ("● running", "$primary"),
    "paused": ("‖ paused", "$warning"),
    "finished": ("✔ finished", "$success"),
    "stopped": ("■ stopped", "$warning"),
}


def arm_name(index: int) -> SafeText:
    """`A` for the baseline, `B` and so on for the candidates."""
    return own(ARMS[index]) if 0 <= index < len(ARMS) else words("{n}", n=index + 1)


def state_words(state: str) -> SafeText:
    """An experiment's state as sign and word."""
    text, style = _STATES.get(state, ("?", "$text-muted"))
    return own(text, style)


def verdict_words(word: VerdictWord) -> SafeText:
    """The verdict as sign and word."""
    text, style = _VERDICTS.get(word, ("?", "$text-muted"))
    return own(text, style)


def whisker_style(word: VerdictWord | None) -> LiteralString:
    """The colour of an interval: none of a verdict's where there is none to show."""
    return "$primary" if word is None else _WHISKER_STYLES.get(word, "$primary")


def check_words(check: Check) -> SafeText:
    """What it found, after `✔`, after `!` where it did not pass, or after a dash where it could not tell."""
    if not check.could_tell:
        return join([NOTHING, foreign(check.statement, "$text-muted")], " ")
    mark = own("✔", "$success") if check.passed else own("!", "bold $warning")
    return join([mark, foreign(check.statement)], " ")


def margin_words(ratio: float) -> SafeText:
    """A margin, with the sign of a ratio."""
    return words("{m:.4g}\N{MULTIPLICATION SIGN}", m=ratio)


def told(value: float | None, unit: str) -> SafeText:
    """A value with its unit, in as many digits as are read: `1,843 ms`, `12.3 ms`, `717.0 MB`, `98.5%`."""
    if value is None:
        return NOTHING
    if unit == "bytes":
        return byte_count(value) if value >= 0 else join([own("-"), byte_count(-value)])
    if unit == "share":
        return words("{v:.1f}%", v=value * 100)
    return join([_number(value), _unit(unit)], " ")


def told_difference(value: float | None, unit: str) -> SafeText:
    """The same with its sign: `+180 ms`."""
    if value is None:
        return NOTHING
    sign = own("+") if value > 0 else EMPTY
    text = join([sign, told(value, unit)])
    return styled(text, "bold") if value > 0 else text


def told_interval(interval: Interval | None, unit: str) -> SafeText:
    """`12 ms to 18 ms`."""
    if interval is None:
        return NOTHING
    return join([told_difference(interval.low, unit), own("to"), told_difference(interval.high, unit)], " ")


def _number(value: float) -> SafeText:
    if value == int(value) or abs(value) >= 100:
        return words("{v:,.0f}", v=value)
    return words("{v:,.1f}", v=value) if abs(value) >= 1 else words("{v:.3g}", v=value)


def _unit(unit: str) -> SafeText:
    """Units of time are said; what is counted stands in the metric's name."""
    return foreign(unit) if unit in ("ms", "s") else EMPTY
