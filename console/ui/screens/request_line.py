"""One model request as a line of a table."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Final, LiteralString, NamedTuple, cast

from console.ui.layout import Cell, columns
from console.ui.run_words import byte_count, seconds
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from store.records import ModelRequestRecord

_ROLE_LETTERS: Final[dict[str, LiteralString]] = {
    "system": "S",
    "developer": "S",
    "user": "U",
    "assistant": "A",
    "tool": "T",
}
WIDE_FROM_CELLS: Final = 110


class _Texts(NamedTuple):
    """The cells of a line."""

    ordinal: SafeText
    at: SafeText
    messages: SafeText
    roles: SafeText
    tokens: SafeText
    status: SafeText
    took: SafeText
    size: SafeText
    path: SafeText


_HEADINGS: Final = _Texts(
    own("no"),
    own("at"),
    own("msgs"),
    own("roles"),
    own("tokens in / out"),
    own("http"),
    own("took"),
    own("size"),
    own("path, and what it was"),
)


def request_line(request: ModelRequestRecord, width_cells: int) -> SafeText:
    """The line, in columns."""
    ok = request.status is not None and request.status < 400
    texts = _Texts(
        ordinal=words("{n}", n=request.ordinal + 1),
        at=seconds(request.at_ms),
        messages=words("{n}", n=request.message_count),
        roles=_roles(request.message_roles_json),
        tokens=join([_count(request.input_tokens), own(" / ", "$text-muted"), _count(request.output_tokens)]),
        status=foreign(str(request.status or "…"), "$success" if ok else "$error"),
        took=EMPTY if request.duration_ms is None else seconds(request.duration_ms),
        size=byte_count(request.body_bytes),
        path=join([foreign(request.path, "$text-muted"), *_remarks(request)], "  "),
    )
    return _line(texts, width_cells)


def request_heading(width_cells: int) -> SafeText:
    """The names of the columns."""
    return styled(_line(_HEADINGS, width_cells), "$text-muted")


def _line(texts: _Texts, width_cells: int) -> SafeText:
    wide = width_cells >= WIDE_FROM_CELLS
    roles_cells = 26 if wide else max(8, width_cells - 54)
    return columns(
        [
            Cell(texts.ordinal, 3, is_right=True),
            Cell(texts.at, 8, is_right=True),
            Cell(texts.messages, 4, is_right=True),
            Cell(texts.roles, roles_cells),
            Cell(texts.tokens, 15, is_right=True),
            Cell(texts.status, 4, is_right=True),
            Cell(texts.took, 8, is_right=True),
            Cell(texts.size, 8 if wide else 0, is_right=True),
            Cell(texts.path, max(0, width_cells - 84) if wide else 0),
        ]
    )


def _roles(message_roles_json: str) -> SafeText:
    """`S U A T2 A`: who spoke, in order; a number counts the same speaker in a row."""
    try:
        listed: object = json.loads(message_roles_json)
    except (ValueError, RecursionError):
        return foreign(message_roles_json)
    if not isinstance(listed, list):
        return foreign(message_roles_json)
    spoken: list[SafeText] = []
    for role, group in groupby(map(str, cast("list[object]", listed))):
        count = len(list(group))
        letter = own(_ROLE_LETTERS[role]) if role in _ROLE_LETTERS else foreign(role)
        spoken.append(join([letter, words("{n}", n=count) if count > 1 else EMPTY]))
    return join(spoken, " ")


def _count(tokens: int | None) -> SafeText:
    return own("?") if tokens is None else words("{n}", n=tokens)


def _remarks(request: ModelRequestRecord) -> list[SafeText]:
    remarks: list[SafeText] = []
    if request.auxiliary:
        remarks.append(own("auxiliary", "$secondary"))
    if request.off_script:
        remarks.append(own("off script", "bold $warning"))
    if request.turn_index is not None:
        remarks.append(words("turn {n}", "$text-muted", n=request.turn_index))
    return remarks
