"""A view of a transcript as its reader has it: rows of text, of tool calls and of their results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from store.records import TranscriptRowRecord


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a row that came as one. `entry_seq` is -1 where no entry of upstream's stands behind it."""

    text: str
    entry_seq: int


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row and its pieces; the row's `body` is what the pieces make when they are put together."""

    record: TranscriptRowRecord
    pieces: tuple[Piece, ...]

    @property
    def arguments(self) -> str:
        """A tool call's arguments as they are shown: JSON, or the one text that is the call's title."""
        return self.record.body or self.record.title


def joined(pieces: Sequence[Piece]) -> tuple[str, list[int]]:
    """The pieces as Paperclip's UI puts texts of a kind together, and where each begins.

    Source: `RunTranscriptView.tsx`, `normalizeTranscript`: a line break between two, unless one has it already.
    """
    parts: list[str] = []
    starts: list[int] = []
    length, ends_line = 0, True
    for piece in pieces:
        if not ends_line and not piece.text.startswith("\n"):
            parts.append("\n")
            length += 1
        starts.append(length)
        parts.append(piece.text)
        length += len(piece.text)
        ends_line = piece.text.endswith("\n") if piece.text else ends_line
    return "".join(parts), starts


def sidebeat_rows(records: Sequence[TranscriptRowRecord]) -> list[ShownRow]:
    """The de-duplicated transcript, as it is stored."""
    return [ShownRow(record, (Piece(record.body, record.entry_seq),)) for record in records]
