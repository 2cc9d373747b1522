"""What must be true of the execution root after a beat, checked on the host's own disk."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from adapters.scenario.model import Beat, Expectation
from adapters.scenario.paths import OutsideRootError, locate

SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class ExpectationResult:
    """One expectation: whether it held, and what was found. The sentence may quote a file: it is foreign text."""

    path: str
    held: bool
    sentence: str


def check_expectations(root: Path, beat: Beat) -> list[ExpectationResult]:
    """Check a beat's expectations in order, below this execution root."""
    return [_check(root, expectation) for expectation in beat.expect]


def _check(root: Path, expectation: Expectation) -> ExpectationResult:
    path = expectation.path
    try:
        file = locate(root, path)
        if not file.exists():
            verb = "is missing" if expectation.exists else "is absent, as expected"
            return ExpectationResult(path, held=not expectation.exists, sentence=f"{path} {verb}")
        if not expectation.exists:
            return ExpectationResult(path, held=False, sentence=f"{path} exists, but should be absent")
        if not file.is_file():
            # Reading a pipe that an agent made would wait for ever.
            return ExpectationResult(path, held=False, sentence=f"{path} is not a regular file")
        complaint = _complaint(file.read_bytes(), expectation)
    except (OutsideRootError, OSError) as error:
        return ExpectationResult(path, held=False, sentence=f"{path} cannot be read: {error}")
    return ExpectationResult(path, held=complaint is None, sentence=f"{path} {complaint or 'is as expected'}")


def _complaint(content: bytes, expectation: Expectation) -> str | None:
    if expectation.equals is not None and content != expectation.equals.encode():
        return f"holds {_excerpt(content)}, expected {_excerpt(expectation.equals.encode())}"
    for part in expectation.contains:
        if part.encode() not in content:
            return f"holds {_excerpt(content)}, which lacks {_excerpt(part.encode())}"
    digest = hashlib.sha256(content).hexdigest()
    if expectation.sha256 is not None and digest != expectation.sha256:
        return f"has SHA-256 {digest}, expected {expectation.sha256}"
    return None


def _excerpt(content: bytes) -> str:
    text = content[: SHOWN_CHARACTERS * 4].decode("utf-8", "replace")
    cut = len(text) > SHOWN_CHARACTERS or len(content) > SHOWN_CHARACTERS * 4
    return repr(text[:SHOWN_CHARACTERS]) + ("..." if cut else "")
