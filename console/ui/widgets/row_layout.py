"""One stored row as lines of styled text, at a given width. Pure: the same row gives the same lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from rich.cells import cell_len, chop_cells
from textual.content import Content

from console.ui.text import clean_line, clean_lines
from store.records import LogChunkRecord, TranscriptRowRecord

Tone = Literal[
    "time", "request", "assistant", "thinking", "tool", "command", "output", "error", "quiet", "more", "result"
]
"""What a piece of text is; the view gives each tone a style."""

Piece = tuple[Tone, str]
Line = tuple[Piece, ...]

LABELLED_WIDTH: Final = 60
"""From this width on, the kinds of rows have a column of their own."""

_GUTTER: Final = 7
_TEXT_COLUMN: Final = _GUTTER + 2
_LABEL_CELLS: Final = 10

_COLLAPSED_CHARACTERS: Final = 64 * 1024
_EXPANDED_CHARACTERS: Final = 512 * 1024
_EXPANDED_LINES: Final = 2_000

_SIGNS: Final[dict[str, tuple[str, str, Tone]]] = {
    "assistant": ("◆", "assistant", "assistant"),
    "thinking": ("◇", "thinking", "thinking"),
    "user": ("»", "prompt", "quiet"),
    "tool_call": ("→", "tool", "tool"),
    "request": ("▸", "request", "request"),
    "result": ("■", "result", "result"),
    "error": ("✖", "error", "error"),
    "stderr": ("!", "stderr", "quiet"),
    "stdout": ("·", "stdout", "quiet"),
    "system": ("·", "system", "quiet"),
    "init": ("·", "init", "quiet"),
    "diff": ("±", "diff", "output"),
}
_OTHER: Final[tuple[str, str, Tone]] = ("·", "", "quiet")

_COLLAPSED_LINES: Final = {"assistant": 400, "tool_call": 2, "tool_result": 6, "error": 12}
_OTHER_COLLAPSED_LINES: Final = 6


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The lines of one row; `shortened` when there is more than they show."""

    lines: tuple[Line, ...]
    shortened: bool


def lay_out_row(row: TranscriptRowRecord, width: int, *, expanded: bool) -> LaidOut:
    """A row of the transcript: time, sign, label, text; a tool's output beneath a bar."""
    time = f"{_seconds(row.at_ms)} "
    budget = _EXPANDED_LINES if expanded else _COLLAPSED_LINES.get(row.kind, _OTHER_COLLAPSED_LINES)
    if row.kind == "request":
        return LaidOut((_request_line(row, time, width),), shortened=False)
    if row.kind == "tool_result":
        return _lay_out_result(row, time, width, budget)
    sign, label, tone = _SIGNS.get(row.kind, _OTHER)
    if row.is_error:
        sign, tone = "✖", "error"
    if row.kind == "tool_call":
        return _lay_out_call(row, time, width, budget)
    if row.title:
        head = _headed(time, sign, label or clean_line(row.kind, 20), clean_line(row.title), (tone, tone), width)
        tail, more = _barred(row.body, width, budget, "error" if row.is_error else "output")
        return LaidOut((*head, *tail), more)
    return _lay_out_prose(row, (time, sign, label or clean_line(row.kind, 20)), tone, width, budget)


def lay_out_chunk(chunk: LogChunkRecord, width: int, *, expanded: bool) -> LaidOut:
    """A chunk of the raw log: its number and stream, then its lines as they are."""
    budget = _EXPANDED_LINES if expanded else 4
    sign = "!" if chunk.stream == "stderr" else "·"
    gutter = f"{chunk.seq:>6} "
    pieces, more = _shown_lines(chunk.chunk, width - _TEXT_COLUMN, budget, keep_words=False)
    lines: list[Line] = []
    for number, text in enumerate(pieces or ["(empty chunk)"]):
        start: Line = (("time", gutter), ("quiet", f"{sign} ")) if number == 0 else (("time", " " * _TEXT_COLUMN),)
        lines.append((*start, ("error" if chunk.stream == "stderr" else "output", text)))
    return LaidOut((*lines, *_more_line(more, _TEXT_COLUMN)), bool(more))


def _seconds(at_ms: float) -> str:
    seconds = at_ms / 1000
    return f"{seconds:6.2f}" if seconds < 1_000 else f"{seconds:6.0f}"


def _request_line(row: TranscriptRowRecord, time: str, width: int) -> Line:
    text = f"request {row.request_index} · {clean_line(row.title)}"
    if cell_len(text) > width - _TEXT_COLUMN:
        text = _cut(text.split(" in ", maxsplit=1)[0], width - _TEXT_COLUMN)
    rule = "─" * max(0, width - _TEXT_COLUMN - cell_len(text) - 1)
    return ("time", time), ("request", f"▸ {text}"), ("time", f" {rule}" if rule else "")


def _lay_out_call(row: TranscriptRowRecord, time: str, width: int, budget: int) -> LaidOut:
    tool = clean_line(row.tool or "tool", 40)
    head = _headed(time, "→", tool, clean_line(row.title), ("tool", "command"), width)
    says_no_more = len(row.body) <= len(row.title) + 24  # the same argument again, as JSON
    if says_no_more and budget != _EXPANDED_LINES:
        return LaidOut(head, shortened=False)
    tail, more = _barred(row.body, width, budget, "quiet")
    return LaidOut((*head, *tail), more)


def _lay_out_result(row: TranscriptRowRecord, time: str, width: int, budget: int) -> LaidOut:
    body = row.body or "(no output)"
    if row.is_error:
        tool = clean_line(row.tool or "tool", 40)
        head: Line = (("time", time), ("error", f"✖ {tool} failed"))
        tail, more = _barred(body, width, budget, "error")
        return LaidOut((head, *tail), more)
    lines, more = _barred(body, width, budget, "output" if row.body else "quiet")
    first: Line = (("time", time), *lines[0][1:])
    return LaidOut((first, *lines[1:]), more)


def _lay_out_prose(
    row: TranscriptRowRecord, start: tuple[str, str, str], tone: Tone, width: int, budget: int
) -> LaidOut:
    time, sign, label = start
    quiet_label: Tone = tone if tone == "error" else "time"
    labelled = _label(label, width)
    column = _TEXT_COLUMN + len(labelled)
    if row.kind == "assistant" and width < LABELLED_WIDTH:
        labelled, column = "", _TEXT_COLUMN  # the sign alone: narrow lanes are for the text
    narrow_head = cell_len(labelled) if width < LABELLED_WIDTH else 0
    if narrow_head:
        column = _TEXT_COLUMN
    texts, more = _shown_lines(row.body, width - column, budget, keep_words=True, first_indent=narrow_head)
    lines: list[Line] = []
    for number, text in enumerate(texts or [""]):
        if number == 0:
            lines.append((("time", time), (tone, f"{sign} "), (quiet_label, labelled), (tone, text)))
        else:
            lines.append((("time", " " * column), (tone, text)))
    return LaidOut((*lines, *_more_line(more, column)), bool(more))


def _headed(time: str, sign: str, label: str, text: str, tones: tuple[Tone, Tone], width: int) -> tuple[Line, ...]:
    """The first line of a row with its label, and the rest of a long text beneath it."""
    labelled = _label(label, width)
    indent = cell_len(labelled)
    column = _TEXT_COLUMN + (indent if width >= LABELLED_WIDTH else 0)
    texts = _wrapped(text, width - column, keep_words=True, first_indent=0 if width >= LABELLED_WIDTH else indent)
    head: Line = (("time", time), (tones[0], f"{sign} {labelled}"), (tones[1], texts[0]))
    rest: list[Line] = [(("time", " " * column), (tones[1], more)) for more in texts[1:]]
    return (head, *rest)


def _label(label: str, width: int) -> str:
    return f"{label:<{_LABEL_CELLS - 1}} " if width >= LABELLED_WIDTH else f"{label} "


def _barred(body: str, width: int, budget: int, tone: Tone) -> tuple[tuple[Line, ...], bool]:
    texts, more = _shown_lines(body, width - _TEXT_COLUMN, budget, keep_words=False)
    bar: Piece = ("error" if tone == "error" else "time", "│ ")
    lines: list[Line] = [(("time", " " * _GUTTER), bar, (tone, text)) for text in texts]
    return (*lines, *_more_line(more, _TEXT_COLUMN)), bool(more)


def _more_line(more: int, column: int) -> tuple[Line, ...]:
    if not more:
        return ()
    noun = "line" if more == 1 else "lines"
    return ((("time", " " * column), ("more", f"… {more:,} more {noun} · space")),)


def _shown_lines(
    body: str, width: int, budget: int, *, keep_words: bool, first_indent: int = 0
) -> tuple[list[str], int]:
    """At most `budget` lines of the body, and how many lines of the body they leave out."""
    if not body:
        return [], 0
    known = body[: _EXPANDED_CHARACTERS if budget == _EXPANDED_LINES else _COLLAPSED_CHARACTERS]
    total = body.count("\n") + (not body.endswith("\n"))
    shown: list[str] = []
    for number, line in enumerate(clean_lines(known)):
        pieces = _wrapped(line, width, keep_words=keep_words, first_indent=first_indent if number == 0 else 0)
        room = budget - len(shown)
        shown += pieces[:room]
        if len(pieces) > room:
            return shown, max(1, total - number)
        if len(shown) == budget:
            return shown, max(0, total - number - 1)
    return shown, max(0, int(len(known) < len(body)))


def _wrapped(text: str, width: int, *, keep_words: bool, first_indent: int = 0) -> list[str]:
    """`text` in lines of at most `width` cells; the first is `first_indent` cells shorter."""
    width = max(4, width)
    first = max(4, width - first_indent)
    if cell_len(text) <= first:
        return [text]
    if not keep_words:
        return chop_cells(text, width)
    if first_indent:
        head = _words(text, first)[0]
        rest = text[len(head) :].lstrip(" ")
        return [head, *_wrapped(rest, width, keep_words=True)] if rest else [head]
    return _words(text, width)


def _words(text: str, width: int) -> list[str]:
    return [line.plain.rstrip() for line in Content(text).wrap(width)]


def _cut(text: str, width: int) -> str:
    return text if cell_len(text) <= width else Content(text).truncate(max(1, width), ellipsis=True).plain
