"""The type checker keeps foreign text out of widgets."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

CASES = {
    "Words(text)": False,
    "Words(foreign(text))": True,
    "own(text)": False,
    "own('written here')": True,
    "tell(app, text)": False,
    "tell(app, foreign(text))": True,
    "join([foreign(text), text])": False,
    "words('{x}', x=text)": False,
    "words('{x}', x=foreign(text))": True,
    "Choice('key', text)": False,
}
HEADER = """
from textual.app import App
from console.ui.modals.picker import Choice
from console.ui.notices import tell
from console.ui.text import foreign, join, own, words
from console.ui.widgets.words import Words
def use(app: App[None], text: str) -> None:
"""


@pytest.mark.timeout(240)
def test_only_safe_text_is_taken(tmp_path: Path) -> None:
    source = tmp_path / "use.py"
    source.write_text(HEADER + "".join(f"    {case}\n" for case in CASES), "utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, str(source)]
    ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=200, check=False)
    errors = [
        problem["range"]["start"]["line"]
        for problem in json.loads(ended.stdout)["generalDiagnostics"]
        if problem.get("rule") in ("reportArgumentType", "reportCallIssue")
    ]
    first = HEADER.count("\n")
    refused = [case for number, case in enumerate(CASES) if first + number in errors]
    assert refused == [case for case, is_taken in CASES.items() if not is_taken]
