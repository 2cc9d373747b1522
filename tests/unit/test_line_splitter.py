"""Lines come out the same however their bytes were cut on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from adapters.line_splitter import (
    HEAD_BYTES,
    MAX_LINE_BYTES,
    AssembledLine,
    ByteLineSplitter,
    LogLineAssembler,
    OversizeLine,
)

LIMIT_BYTES = 8


def cut(data: bytes, places: Iterable[int]) -> list[bytes]:
    """The same bytes in pieces; some pieces may be empty."""
    ends = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(ends)]


def split(pieces: Iterable[bytes], *, max_line_bytes: int = LIMIT_BYTES) -> list[bytes | OversizeLine]:
    splitter = ByteLineSplitter(max_line_bytes)
    lines = [line for piece in pieces for line in splitter.feed(piece)]
    return [*lines, *splitter.finish()]


def expected(data: bytes) -> list[bytes | OversizeLine]:
    *complete, rest = data.split(b"\n")
    return [
        line
        if len(line) <= LIMIT_BYTES
        else OversizeLine(line[:LIMIT_BYTES], len(line), hashlib.sha256(line).hexdigest())
        for line in [*complete, *([rest] if rest else [])]
    ]


places = st.lists(st.integers(min_value=0), max_size=12)
streams = st.lists(st.sampled_from([b"a", b"\n", b"\r\n", "é🙂".encode(), b"0123456789", b"\xff"])).map(b"".join)


@given(streams, places)
def test_any_cut_of_a_stream_gives_the_same_lines(data: bytes, cuts: list[int]) -> None:
    assert split(cut(data, cuts)) == expected(data)


@given(streams)
def test_a_stream_in_single_bytes_gives_the_same_lines(data: bytes) -> None:
    assert split(bytes([byte]) for byte in data) == expected(data)


def test_a_line_at_the_limit_is_whole_and_one_past_it_is_not() -> None:
    assert split([b"01234567\n"]) == [b"01234567"]
    (line,) = split([b"012345678\n"])
    assert isinstance(line, OversizeLine)
    assert (line.head, line.size_bytes) == (b"01234567", 9)


def test_an_oversize_line_keeps_its_head_and_is_hashed_as_it_passes() -> None:
    piece = bytes(range(256)) * 256
    count = MAX_LINE_BYTES // len(piece) + 3
    digest = hashlib.sha256()
    splitter = ByteLineSplitter()
    for _ in range(count):
        digest.update(piece.replace(b"\n", b" "))
        assert splitter.feed(piece.replace(b"\n", b" ")) == []
    (line, after) = splitter.feed(b"\nnext\n")
    assert isinstance(line, OversizeLine)
    assert line.size_bytes == count * len(piece)
    assert line.sha256 == digest.hexdigest()
    assert len(line.head) == HEAD_BYTES
    assert after == b"next"


def test_no_line_is_left_of_a_stream_that_ended_with_its_newline() -> None:
    assert split([b"one\n", b""]) == [b"one"]
    assert split([b""]) == []


def assemble(pieces: Iterable[str]) -> list[AssembledLine]:
    assembler = LogLineAssembler()
    lines: list[AssembledLine] = []
    for seq, piece in enumerate(pieces):
        lines += assembler.feed(piece, ts=f"t{seq}", log_seq=seq)
    return [*lines, *assembler.finish()]


texts = st.text(st.sampled_from(["a", " ", "\n", "\r", "\u2028", "🙂", "{", "\ud83d"]), max_size=40)


@given(texts, places)
def test_any_cut_of_a_log_gives_the_same_lines_without_blank_ones(text: str, cuts: list[int]) -> None:
    ends = [0, *sorted(place % (len(text) + 1) for place in cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(ends)]
    assert [line.text for line in assemble(pieces)] == [line.strip() for line in text.split("\n") if line.strip()]


def test_a_line_has_the_time_and_the_number_of_the_chunk_in_which_it_ended() -> None:
    assert assemble(["one\ntw", "o", "\nthree"]) == [
        AssembledLine("one", "t0", 0),
        AssembledLine("two", "t2", 2),
        AssembledLine("three", "t2", 2),
    ]
