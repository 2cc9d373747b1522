"""Where the report's links lead: a run's row, or a published source."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

_SHORT_CHARACTERS: Final = 8
_NOT_IN_ANCHORS: Final = re.compile(r"[^A-Za-z0-9_-]+")


def run_anchor(run_id: str) -> str:
    """The anchor of the run's row in the appendix."""
    return f"run-{_NOT_IN_ANCHORS.sub('-', run_id)}"


def safe_url(url: str) -> str | None:
    """The address as it may stand in an attribute and in Markdown; None for what is not the web's."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return None
    if scheme not in ("http", "https"):
        return None
    return quote(url.encode("utf-8", "replace"), safe=":/?#&=%+,;~.-_")


@dataclass(frozen=True, slots=True)
class ShortIds:
    """The start of each run's id that `sidebeat show` finds it by."""

    length: int = _SHORT_CHARACTERS

    @classmethod
    def of(cls, run_ids: Iterable[str]) -> ShortIds:
        """As short as all these ids can be told apart, and not shorter than eight characters."""
        every = set(run_ids)
        longest = max(map(len, every), default=_SHORT_CHARACTERS)
        for length in range(_SHORT_CHARACTERS, longest):
            if len({run_id[:length] for run_id in every}) == len(every):
                return cls(length)
        return cls(max(longest, _SHORT_CHARACTERS))

    def short(self, run_id: str) -> str:
        """The start of this id."""
        return run_id[: self.length]
