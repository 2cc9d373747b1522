"""Why npm failed, and what the operator can do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

_ERROR_LINE = re.compile(r"^npm (?:error|ERR!) (?P<text>.+)$")
_ERROR_CODE = re.compile(r"^code (?P<code>E\w+|[A-Z_]+)$")
# These lines only repeat parts of the sentence that npm prints beside them.
_DETAIL = re.compile(r"^(?:code|syscall|errno|path|dest|A complete log|\s)")

_NETWORK_REMEDY = "check the network and npm's `registry` and `proxy` settings, then start again"
_REGISTRY_REMEDY = "check npm's `registry` setting and its credentials, then start again"
_REMEDIES = {
    "ENOSPC": "free disk space (about 1.2 GB in the cache folder and npm's own cache), then start again",
    "EDQUOT": "free disk space (about 1.2 GB in the cache folder and npm's own cache), then start again",
    "EACCES": "make the cache folder and npm's own cache writable, or set SIDEBEAT_CACHE_DIR, then start again",
    "EPERM": "make the cache folder and npm's own cache writable, or set SIDEBEAT_CACHE_DIR, then start again",
    "EINTEGRITY": "use another registry or proxy: this one served other bytes than the lock names",
    "E401": _REGISTRY_REMEDY,
    "E403": _REGISTRY_REMEDY,
    "E404": _REGISTRY_REMEDY,
    "ETARGET": _REGISTRY_REMEDY,
}


def describe_npm_failure(output_lines: Sequence[str], *, exit_code: int, log_path: Path) -> str:
    """One sentence: what failed, npm's own words, the remedy, and where all of its output is."""
    errors = [match["text"] for line in output_lines if (match := _ERROR_LINE.match(line))]
    code = next((match["code"] for text in errors if (match := _ERROR_CODE.match(text))), None)
    sentence = next((text.strip() for text in errors if not _DETAIL.match(text)), None)
    said = ": ".join(part for part in (code, sentence) if part) or "it printed no error"
    remedy = _REMEDIES.get(code or "", _NETWORK_REMEDY)
    return (
        f"Node's packages could not be installed, npm ended with exit code {exit_code} ({said}): {remedy}; "
        f"npm's whole output is in {log_path}."
    )
