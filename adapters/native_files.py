"""Files that are machine code, by how they begin."""

from __future__ import annotations

import os
import struct
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, Literal

NativeKind = Literal["ELF", "Mach-O", "PE", "WebAssembly"]

_MACH_O: Final = frozenset(bytes.fromhex(text) for text in ("feedface", "feedfacf", "cefaedfe", "cffaedfe"))
_FAT_MACH_O: Final = bytes.fromhex("cafebabe")
"""Java classes begin so too: what follows is a small number of architectures here, and a version from 45 up there."""
_FIRST_JAVA_VERSION: Final = 45
_HEAD_BYTES: Final = 64
_PE_OFFSET_AT: Final = 0x3C


def native_kind(file: Path) -> NativeKind | None:
    """What kind of machine code a file is; None for any other, and for one that cannot be read."""
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD_BYTES)
            if head[:2] != b"MZ":
                return _kind_of_head(head)
            (offset,) = struct.unpack_from("<I", head.ljust(_HEAD_BYTES, b"\0"), _PE_OFFSET_AT)
            opened.seek(offset)
            return "PE" if opened.read(4) == b"PE\0\0" else None
    except OSError:
        return None


def _kind_of_head(head: bytes) -> NativeKind | None:
    magic = head[:4]
    if magic == b"\x7fELF":
        return "ELF"
    if magic == b"\0asm":
        return "WebAssembly"
    if magic in _MACH_O:
        return "Mach-O"
    is_fat = magic == _FAT_MACH_O and len(head) >= 8 and struct.unpack_from(">I", head, 4)[0] < _FIRST_JAVA_VERSION
    return "Mach-O" if is_fat else None


def files_below(folder: Path, *, without: Collection[str] = ()) -> Iterator[Path]:
    """Every regular file of a tree, symbolic links left aside, without folders of these names; in order."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in without)
        for name in sorted(files):
            path = Path(place, name)
            if not path.is_symlink():
                yield path
