"""Reads TypeScript declaration files as far as field names and optionality go."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_FIELD = re.compile(r"(?:readonly )?(\w+)(\??)\s*[:(]")
_OPENING, _CLOSING = "{([<", "})]>"

Fields = dict[str, bool]
"""Each field's name, and whether it is optional."""


class PublishedTypes:
    """One `.d.ts` file."""

    def __init__(self, text: str) -> None:
        self._text = _COMMENT.sub("", text)

    def interface(self, name: str) -> Fields:
        """The fields of an interface. Raises LookupError when there is none of this name."""
        return _fields(self._braces_after(rf"export interface {name}(?: extends [^{{]+)? "))

    def parameter_object(self, name: str, interface: str) -> Fields:
        """The fields of the object that a callback of an interface takes."""
        return _fields(_inside(self._braces_after(rf"export interface {interface} "), rf"{name}\??: \(\w+: "))

    def union(self, name: str) -> dict[str, Fields]:
        """The members of a union that is tagged by `kind`, by their tag."""
        members: dict[str, Fields] = {}
        rest = self._after(rf"export type {name} = ")
        while rest.startswith("{"):
            body = _balanced(rest)
            tag = re.search(r'kind: "(\w+)"', body)
            if tag is None:
                raise LookupError(f"a member of {name} has no kind: {body[:80]}")
            members[tag[1]] = _fields(body)
            rest = rest[len(body) + 2 :].removeprefix(" | ")
        return members

    def parameters(self, name: str) -> list[str]:
        """The parameters of a function type, as written."""
        inside = re.match(r"\(([^)]*)\)", self._after(rf"export type {name} = "))
        if inside is None:
            raise LookupError(f"{name} is not a function type")
        return inside[1].split(", ")

    def _after(self, pattern: str) -> str:
        found = re.search(pattern, self._text)
        if found is None:
            raise LookupError(f"the published types hold no match for {pattern!r}")
        return self._text[found.end() :]

    def _braces_after(self, pattern: str) -> str:
        return _balanced(self._after(pattern))


def _inside(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise LookupError(f"no match for {pattern!r}")
    return _balanced(text[found.end() :])


def _balanced(text: str) -> str:
    """What stands between the braces with which the text begins."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if depth == 0:
            return text[1:position]
    raise LookupError(f"unbalanced braces after {text[:80]!r}")


def _fields(body: str) -> Fields:
    found = (_FIELD.match(member) for member in _members(body))
    return {match[1]: bool(match[2]) for match in found if match is not None}


def _members(body: str) -> Iterator[str]:
    """The members of an object type: what stands between semicolons that no bracket encloses."""
    depth, start = 0, 0
    # The arrow of a function type closes nothing.
    plain = body.replace("=>", "  ")
    for position, character in enumerate(plain):
        depth += (character in _OPENING) - (character in _CLOSING)
        if character == ";" and depth == 0:
            yield plain[start:position].strip()
            start = position + 1
