"""What a child process gets to see of the operator's environment: an allow-list, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

ALLOWED = (
    "LANG", "LC_ALL", "LC_CTYPE", "TZ", "USER", "LOGNAME", "SHELL",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS",
)  # fmt: skip


def child_environment(
    *,
    node_bin: Path,
    home: Path,
    working_directory: Path,
    temporary: Path,
    extra: Mapping[str, str] | None = None,
    inherited: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The whole environment of a bridge: `HOME` and `TMPDIR` of its own, `PWD` where it works, our Node on `PATH`.

    `PWD` matters: opencode takes its root from it, and Paperclip hands on its host's.
    """
    source = os.environ if inherited is None else inherited
    kept = {name: source[name] for name in ALLOWED if name in source}
    path = os.pathsep.join([str(node_bin), source.get("PATH", os.defpath)])
    return {
        **kept,
        "PATH": path,
        "HOME": str(home),
        "PWD": str(working_directory),
        "TMPDIR": str(temporary),
        "TERM": "dumb",
        "NO_COLOR": "1",
        **(extra or {}),
    }
