"""Documents for `DocumentView`: text, JSON, and lines of our own."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from console.ui.text import EMPTY, SafeText, foreign, join, own

_PIECE_CHARACTERS: Final = 4_096
"""Longer lines are shown as several, so that nothing is left out and none is slow to lay out."""

_LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")
_MEMBER: Final = re.compile(r'(\s*)("(?:[^"\\]|\\.)*"): (.*)', re.DOTALL)


class Document(Protocol):
    """Lines by number, laid out when they are looked at."""

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        ...

    def line(self, number: int) -> SafeText:
        """One line, from 0."""
        ...


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that are safe already."""

    lines: Sequence[SafeText]

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return len(self.lines)

    def line(self, number: int) -> SafeText:
        """One line."""
        return self.lines[number]


@dataclass(frozen=True, slots=True)
class ForeignText:
    """Any text. A long line goes on in the next."""

    pieces: Sequence[str]

    @classmethod
    def of(cls, text: str) -> ForeignText:
        """The text, whole."""
        return cls(_pieces(text))

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return len(self.pieces)

    def line(self, number: int) -> SafeText:
        """One line."""
        return foreign(self.pieces[number])


@dataclass(frozen=True, slots=True)
class ForeignJson:
    """JSON, indented, with the names of members in a colour. Text that is no JSON is shown as it is."""

    pieces: Sequence[str]

    @classmethod
    def of(cls, text: str) -> ForeignJson:
        """The JSON text, indented."""
        return cls(_pieces(indented_json(text)))

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return len(self.pieces)

    def line(self, number: int) -> SafeText:
        """One line."""
        member = _MEMBER.fullmatch(self.pieces[number])
        if member is None:
            return foreign(self.pieces[number], "$foreground")
        indent, name, value = member.groups()
        return join([foreign(indent), foreign(name, "$primary"), own(": ", "$text-muted"), foreign(value)])


@dataclass(frozen=True, slots=True)
class Together:
    """Several documents, one after the other."""

    parts: Sequence[Document]

    @property
    def line_count(self) -> int:
        """How many lines there are in all."""
        return sum(part.line_count for part in self.parts)

    def line(self, number: int) -> SafeText:
        """One line."""
        for part in self.parts:
            if number < part.line_count:
                return part.line(number)
            number -= part.line_count
        return EMPTY


NO_DOCUMENT: Final = Lines(())


def indented_json(text: str) -> str:
    """The text indented when it is JSON, else as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def json_difference(before: str, after: str) -> list[SafeText]:
    """A unified difference of two JSON texts, all lines kept."""
    old, new = indented_json(before).splitlines(), indented_json(after).splitlines()
    lines: list[SafeText] = []
    for line in difflib.ndiff(old, new):
        sign, text = line[:1], line[2:]
        if sign == "+":
            lines.append(join([own("+ ", "bold $success"), foreign(text, "$success")]))
        elif sign == "-":
            lines.append(join([own("- ", "bold $error"), foreign(text, "$error")]))
        elif sign == " ":
            lines.append(join([own("  "), foreign(text, "$text-muted")]))
    return lines


def _pieces(text: str) -> list[str]:
    lines = _LINE_BREAK.split(text)
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    return [
        line[start : start + _PIECE_CHARACTERS]
        for line in lines
        for start in range(0, max(1, len(line)), _PIECE_CHARACTERS)
    ]
