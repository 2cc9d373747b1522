"""The only way for text from an agent, a tool, a log, a model or a file to reach a widget.

Widgets of this project take `SafeText`. `foreign` makes it of any text, `own` and `words` of literals in the source; a
plain `str` is refused by the type checker. Markup is never parsed: a bracket is a bracket.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import Formatter
from typing import Final, LiteralString, NewType, cast

from textual.content import Content
from textual.style import Style

from console.engine.plain_text import harmless

SafeText = NewType("SafeText", Content)
"""Text that holds no control characters and no markup, with its styles."""

DISPLAYED_LINE_CHARACTERS: Final = 8 * 1024
"""A longer line is clipped on the screen, and says so; the store keeps all of it."""

DISPLAYED_BLOCK_LINES: Final = 2_000
"""A longer block is clipped on the screen, and says so."""

_TAB_CELLS: Final = 8
_LINE_BREAK_MARK: Final = "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}"
_LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")


def clean_line(text: str, limit: int = DISPLAYED_LINE_CHARACTERS) -> str:
    """`text` as one harmless line (`console.engine.plain_text` has the rules), with an arrow for each line break.

    Idempotent; printable text up to `limit` characters is returned unchanged.
    """
    if len(text) <= limit and text.isprintable():
        return text
    cleaned = harmless(_LINE_BREAK.sub(_LINE_BREAK_MARK, text[:limit]), _TAB_CELLS)
    if len(text) <= limit and len(cleaned) <= limit:
        return cleaned
    mark = f" … {len(text):,} characters in all"
    return cleaned[: max(0, limit - len(mark))] + mark


def clean_lines(text: str, limit: int = DISPLAYED_BLOCK_LINES) -> list[str]:
    """`text` as clean lines; at most `limit`, the last of which then says how many there are. Empty for no text."""
    if not text:
        return []
    lines = _LINE_BREAK.split(text)
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    if len(lines) <= limit:
        return [clean_line(line) for line in lines]
    return [*(clean_line(line) for line in lines[: limit - 1]), f"… {len(lines):,} lines in all"]


def foreign(text: str, style: LiteralString = "") -> SafeText:
    """Any text as one safe line."""
    return _safe(clean_line(text), style)


def foreign_block(text: str, style: LiteralString = "") -> SafeText:
    """Any text with its line breaks kept."""
    return _safe("\n".join(clean_lines(text)), style)


def own(text: LiteralString, style: LiteralString = "") -> SafeText:
    """Text written in this source code."""
    return _safe(text, style)


def words(template: LiteralString, style: LiteralString = "", /, **values: SafeText | int | float) -> SafeText:
    """`template` with `{names}` filled in, such as `words("beat {k} of {n}", k=2, n=3)`.

    Numbers take a format after a colon, and get thousands separators without one. Safe text keeps its styles.
    """
    parts: list[Content] = []
    for literal, name, number_format, _conversion in Formatter().parse(template):
        parts.append(Content(literal))
        if name is None:
            continue
        value = values[name]
        is_number = isinstance(value, (int, float))
        parts.append(Content(format(value, number_format or ",")) if is_number else cast("Content", value))
    content = Content("").join(parts)
    return SafeText(content.stylize_before(style) if style else content)


def join(parts: Iterable[SafeText], separator: LiteralString = "") -> SafeText:
    """Safe texts one after the other; empty ones leave no separator behind."""
    return SafeText(Content(separator).join([part for part in parts if part]))


def styled(text: SafeText, style: LiteralString) -> SafeText:
    """The text in a style such as `bold $text-muted`, beneath the styles it already has."""
    return SafeText(text.stylize_before(style))


def clickable(text: SafeText, action_call: str) -> SafeText:
    """The text, running an action of ours (`screen.help`) when it is clicked."""
    return SafeText(text.stylize(Style.from_meta({"@click": action_call})))


def spread(left: SafeText, right: SafeText, width_cells: int) -> SafeText:
    """`left` and `right` at the two ends of a line; where they do not fit, `left` is cut with an ellipsis."""
    room = max(0, width_cells - right.cell_length - (1 if right else 0))
    if left.cell_length > room:
        left = SafeText(left.truncate(room, ellipsis=True))
    gap = max(0, width_cells - left.cell_length - right.cell_length)
    return SafeText(left + Content(" " * gap) + right)


def fit(text: SafeText, width_cells: int) -> SafeText:
    """The text, cut with an ellipsis where it is wider than `width_cells`."""
    return text if text.cell_length <= width_cells else SafeText(text.truncate(width_cells, ellipsis=True))


def _safe(text: str, style: LiteralString) -> SafeText:
    return SafeText(Content.styled(text, style) if style else Content(text))


EMPTY: Final = own("")
