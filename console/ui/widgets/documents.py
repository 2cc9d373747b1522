"""Documents for `DocumentView`: text, JSON, and lines of our own."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
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

    def indent(self, number: int) -> int:
        """By how many characters the line's later rows hang in, where it is wrapped."""
        ...


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that are safe already."""

    lines: Sequence[SafeText]
    indent_characters: int = 0

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return len(self.lines)

    def line(self, number: int) -> SafeText:
        """One line."""
        return self.lines[number]

    def indent(self, number: int) -> int:
        """The same for each line that has any text."""
        return self.indent_characters if self.lines[number] else 0


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

    def indent(self, number: int) -> int:
        """As far as the line itself."""
        return _leading_spaces(self.pieces[number])


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

    def indent(self, number: int) -> int:
        """A little more than the line itself."""
        return _leading_spaces(self.pieces[number]) + 2


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

    def indent(self, number: int) -> int:
        """The part's."""
        for part in self.parts:
            if number < part.line_count:
                return part.indent(number)
            number -= part.line_count
        return 0


NO_DOCUMENT: Final = Lines(())


def indented_json(text: str) -> str:
    """The text indented when it is JSON, else as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def json_difference(before: str, after: str) -> list[tuple[list[str], list[str], bool]]:
    """Two JSON texts, indented, as pairs of lines that belong together, and whether they are the same.

    A comma at the end of a line makes no difference.
    """
    old, new = indented_json(before).splitlines(), indented_json(after).splitlines()
    matcher = SequenceMatcher(None, [line.rstrip(",") for line in old], [line.rstrip(",") for line in new], False)
    return [
        (old[old_from:old_to], new[new_from:new_to], tag == "equal")
        for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes()
    ]


def _leading_spaces(text: str) -> int:
    return min(24, len(text) - len(text.lstrip(" ")))


def _pieces(text: str) -> list[str]:
    lines = _LINE_BREAK.split(text)
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    return [
        line[start : start + _PIECE_CHARACTERS]
        for line in lines
        for start in range(0, max(1, len(line)), _PIECE_CHARACTERS)
    ]
