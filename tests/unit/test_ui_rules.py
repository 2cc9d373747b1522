"""Rules of the screens' code that no linter knows."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import console.ui
from console.engine.events import LaunchFinished, RowsChanged
from console.ui.event_pump import gathered
from console.ui.keys import ACTIONS, Scope, actions_of
from console.ui.keys.page import keys_page
from console.ui.terminal import require_terminal
from tests.unit.test_ui_row_viewport import row

UI = Path(console.ui.__file__).parent
SOURCES = sorted(UI.rglob("*.py"))
MARKUP_CALLS = {"notify", "from_markup", "Label"}
ALLOWED = {"notify": "notices.py"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(UI)))
def test_no_text_goes_around_the_sanitiser(source: Path) -> None:
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            assert name not in MARKUP_CALLS or ALLOWED.get(name) == source.name, f"{source}:{node.lineno}: {name}"
            assert name != "Static" or source.name == "words.py", f"{source}:{node.lineno}: use Words"
            for keyword in node.keywords:
                is_on = isinstance(keyword.value, ast.Constant) and keyword.value.value is True
                assert not (keyword.arg == "markup" and is_on), f"{source}:{node.lineno}: markup=True"
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            assert node.attr not in {"border_title", "border_subtitle", "tooltip"}, f"{source}:{node.lineno}"


def test_the_page_of_keys_is_the_registrys() -> None:
    page = Path(__file__).parents[2] / "docs" / "keys.md"
    remedy = "write it again: .venv/bin/python -m console.ui.keys.page > docs/keys.md"
    assert page.read_text("utf-8") == keys_page(), remedy


def test_no_key_does_two_things_on_one_screen() -> None:
    scopes: set[Scope] = {action.scope for action in ACTIONS}
    for scope in scopes:
        keys = [key for action in actions_of(scope, "everywhere") for key in action.keys]
        if scope != "everywhere":
            assert sorted(keys) == sorted(set(keys)), scope


def test_nothing_relies_on_keys_that_terminals_keep_for_themselves() -> None:
    assert not {key for action in ACTIONS for key in action.keys} & {"ctrl+s", "ctrl+q", "ctrl+z", "ctrl+c"}


class FakeStream:
    """A stream that is a terminal, or is not."""

    def __init__(self, is_terminal: bool) -> None:
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


def test_without_a_terminal_a_sentence_names_the_commands_instead() -> None:
    refusal = require_terminal((FakeStream(True), FakeStream(False)), {"TERM": "xterm"})
    assert refusal is not None
    assert "`sidebeat beat`, `sidebeat runs` or `sidebeat show`" in refusal


def test_a_dumb_terminal_is_refused_too() -> None:
    assert "TERM is `dumb`" in (require_terminal((FakeStream(True),), {"TERM": "dumb"}) or "")


def test_a_terminal_is_taken() -> None:
    assert require_terminal((FakeStream(True),), {"TERM": "xterm-256color"}) is None


def test_the_rows_of_one_frame_arrive_as_one_event_in_their_last_state() -> None:
    events = [
        RowsChanged("a", (row(0, body="x"),)),
        LaunchFinished("l"),
        RowsChanged("a", (row(0, body="xy"), row(1))),
        RowsChanged("b", (row(0),)),
    ]
    assert gathered(events) == (
        RowsChanged("a", (row(0, body="xy"), row(1))),
        LaunchFinished("l"),
        RowsChanged("b", (row(0),)),
    )
