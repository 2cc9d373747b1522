"""A request diff as a document: part by part, what was kept, changed, added and removed, with the texts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, LiteralString

from console.engine.resume.messages import Message, OfferedTool
from console.engine.resume.request_diff import DiffItem, PartDiff, PartName, RequestDiff, State
from console.ui.run_words import byte_count
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.documents import Document, ForeignText, Lines

STATES: Final[dict[State, tuple[LiteralString, LiteralString]]] = {
    "kept": ("= kept", "$text-muted"),
    "changed": ("≠ changed", "bold $warning"),
    "added": ("+ added", "bold $success"),
    "removed": ("- removed", "bold $error"),
}
"""Sign and word of an item's state, and their style."""

_PARTS: Final[dict[PartName, LiteralString]] = {
    "system": "System prompt",
    "tools": "Tools on offer",
    "history": "Earlier messages",
    "new": "The newest turn",
}
_KEPT_LINES: Final = 3
_CONTEXT_LINES: Final = 1
_INDENT: Final = own("    ")

_Item = Message | OfferedTool


def request_diff_document(diff: RequestDiff, before: SafeText, after: SafeText, *, in_full: bool = False) -> Document:
    """The whole diff; unless `in_full`, what was kept is shown by its first line and equal lines are left out."""
    lines = [
        join([own("- ", "bold $error"), before]),
        join([own("+ ", "bold $success"), after]),
        *_totals(diff),
        *(styled(foreign(problem), "$warning") for problem in diff.problems),
    ]
    for part in diff.parts:
        lines += _part_lines(part, in_full)
    return Lines(lines, 4)


def _totals(diff: RequestDiff) -> Iterator[SafeText]:
    messages = words("{a} → {b}", a=diff.before_message_count, b=diff.after_message_count)
    same = words("common prefix {n}", "$text-muted", n=diff.common_prefix_messages)
    yield join([own("messages", "$text-muted"), messages, same], " ")
    yield join(
        [
            join([own("tokens", "$text-muted"), _change(diff.before_tokens, diff.after_tokens)], " "),
            join([own("bytes", "$text-muted"), _change(diff.before_bytes, diff.after_bytes)], " "),
        ],
        "   ",
    )


def _change(before: int, after: int) -> SafeText:
    difference = words(" ({n:+,})", "$text-muted" if before == after else "$primary", n=after - before)
    return join([words("{a} → {b}", a=before, b=after), difference])


def _part_lines(part: PartDiff, in_full: bool) -> Iterator[SafeText]:
    yield EMPTY
    counts = [
        join([words("{n}", n=count), own(STATES[state][0][2:])], " ")
        for state in STATES
        if (count := part.count(state))
    ]
    tokens = join([_change(part.before_tokens, part.after_tokens), own("tokens", "$text-muted")], " ")
    title = own(_PARTS[part.name], "bold $secondary")
    yield join([title, join(counts, ", ") if counts else own("none", "$text-muted"), tokens], "   ")
    kept_tools = part.name == "tools" and not in_full
    if kept_tools and (kept := [item for item in part.items if item.state == "kept"]):
        names = ", ".join(_name(item) for item in kept)
        yield join([_mark("kept"), foreign(names, "$text-muted")], "  ")
    for number, item in enumerate(part.items, start=1):
        if not (kept_tools and item.state == "kept"):
            yield from _item_lines(item, number, in_full)


def _name(item: DiffItem) -> str:
    shown = item.after or item.before
    return shown.name if isinstance(shown, OfferedTool) else ""


def _mark(state: State) -> SafeText:
    text, style = STATES[state]
    return own(text, style)


def _item_lines(item: DiffItem, number: int, in_full: bool) -> Iterator[SafeText]:
    shown = item.after or item.before
    if shown is None:
        return
    yield join([_mark(item.state), _title(shown, number), _size(item)], "  ")
    if item.state == "kept":
        yield from _clipped(_texts(shown), in_full)
    elif item.before is not None and item.after is not None:
        yield from _changed(_texts(item.before), _texts(item.after), in_full)
    else:
        sign, style = _SIGNS[item.state]
        yield from (_line(sign, style, text) for text in _texts(shown))


_SIGNS: Final[dict[State, tuple[SafeText, LiteralString]]] = {
    "kept": (own("    "), "$text-muted"),
    "changed": (own("    "), "$foreground"),
    "added": (own("  + ", "bold $success"), "$foreground"),
    "removed": (own("  - ", "bold $error"), "$foreground"),
}


def _line(sign: SafeText, style: LiteralString, text: str) -> SafeText:
    return join([sign, foreign(text, style)])


def _title(shown: _Item, number: int) -> SafeText:
    if isinstance(shown, OfferedTool):
        return foreign(shown.name, "bold")
    label = own("tool result") if shown.role == "tool" else own(shown.role)
    return join([styled(label, "bold"), words("{n}", "$text-muted", n=number)], " ")


def _size(item: DiffItem) -> SafeText:
    before, after = _tokens(item.before), _tokens(item.after)
    if item.state == "changed":
        return join([_change(before, after), own("tokens", "$text-muted")], " ")
    shown = item.after or item.before
    size = byte_count(shown.wire_bytes) if isinstance(shown, Message) else EMPTY
    return join([words("{n} tokens", "$text-muted", n=before or after), styled(size, "$text-muted")], "  ")


def _tokens(shown: _Item | None) -> int:
    return shown.tokens if shown is not None else 0


def _texts(shown: _Item) -> list[str]:
    """A message or a tool as lines to read."""
    if isinstance(shown, OfferedTool):
        return list(ForeignText.of(_pretty(shown.definition)).pieces)
    texts = [shown.text]
    if shown.thinking:
        texts.insert(0, f"(thinking) {shown.thinking}")
    texts += [f"→ {call.name} {call.arguments}" for call in shown.tool_calls]
    lines = [line for text in texts if text for line in ForeignText.of(text).pieces]
    return lines or ["(empty)"]


def _pretty(definition: str) -> str:
    try:
        return json.dumps(json.loads(definition), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return definition


def _clipped(texts: Sequence[str], in_full: bool) -> Iterator[SafeText]:
    shown = texts if in_full else texts[:_KEPT_LINES]
    if len(texts) == len(shown) + 1:
        shown = texts
    yield from (_line(_INDENT, "$text-muted", text) for text in shown)
    if len(texts) > len(shown):
        yield join([_INDENT, words("… {n} more", "$text-disabled", n=len(texts) - len(shown))])


def _changed(before: Sequence[str], after: Sequence[str], in_full: bool) -> Iterator[SafeText]:
    """Line by line; equal lines are context, and far from a change they are counted."""
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for tag, i1, i2, j1, j2 in opcodes:
        if tag == "equal":
            yield from _context(after[j1:j2], in_full, first=j1 == 0, last=j2 == len(after))
            continue
        yield from (_line(*_SIGNS["removed"], text) for text in before[i1:i2])
        yield from (_line(*_SIGNS["added"], text) for text in after[j1:j2])


def _context(texts: Sequence[str], in_full: bool, *, first: bool, last: bool) -> Iterator[SafeText]:
    head = 0 if first else _CONTEXT_LINES
    tail = 0 if last else _CONTEXT_LINES
    if in_full or len(texts) <= head + tail + 1:
        yield from (_line(_INDENT, "$text-muted", text) for text in texts)
        return
    yield from (_line(_INDENT, "$text-muted", text) for text in texts[:head])
    yield join([_INDENT, words("… {n} equal lines", "$text-disabled", n=len(texts) - head - tail)])
    yield from (_line(_INDENT, "$text-muted", text) for text in texts[len(texts) - tail :])
