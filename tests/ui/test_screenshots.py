"""The committed screenshots are what the screens show of the shipped recording."""

from __future__ import annotations

import pytest

from screenshots.write import main


def test_the_screenshots_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out
