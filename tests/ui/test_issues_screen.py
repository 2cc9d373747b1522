"""The issues: the list, the thread, and the operator's own comment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.engine.events import CommentPosted, IssueChanged
from console.ui.modals.write import WriteModal
from console.ui.screens.issues import IssuesScreen
from console.ui.screens.runs import RunsScreen
from console.ui.widgets.document_view import DocumentView
from store.records import CommentRecord
from tests.ui.driving import NARROW, Driver, app_over, until
from tests.ui.filed_driving import (
    BOTH_SIZES,
    SnapCompare,
    document_text,
    item_list,
    items,
    look,
    on_top,
    open_thread,
    open_with_key,
    press_all,
)
from tests.ui.filed_engine import FakeStoringEngine, filed_engine
from tests.ui.filed_samples import filed, hostile
from tests.ui.samples import issue


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, filed())


@pytest.fixture
def hostile_engine(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, hostile())


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[FakeStoringEngine]:
    yield from filed_engine(tmp_path, [])


def test_without_issues_it_says_how_one_comes_about(snap_compare: SnapCompare, empty: FakeStoringEngine) -> None:
    async def bring_about(pilot: Driver) -> None:
        await open_with_key(pilot, "i")

    assert look(snap_compare, empty, bring_about)


@BOTH_SIZES
def test_hostile_text_in_an_issue(
    snap_compare: SnapCompare, hostile_engine: FakeStoringEngine, size: tuple[int, int]
) -> None:
    async def bring_about(pilot: Driver) -> None:
        await open_with_key(pilot, "i")
        await until(pilot, lambda: "Comments (1)" in document_text(pilot))

    assert look(snap_compare, hostile_engine, bring_about, size=size)


async def test_the_thread_says_who_wrote_what(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_thread(pilot)
        thread = document_text(pilot)
        assert thread.index("» operator") < thread.index("◆ agent") < thread.index("! system")


async def test_a_comment_of_the_operator_is_stored_and_shown_at_once(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_thread(pilot)
        await pilot.press("c")
        await until(pilot, lambda: isinstance(pilot.app.screen, WriteModal))
        await press_all(pilot, [*"seen", "enter", *"too", "ctrl+s"])
        await until(
            pilot, lambda: isinstance(pilot.app.screen, IssuesScreen) and "Comments (4)" in document_text(pilot)
        )
        assert document_text(pilot).rstrip().endswith("seen\ntoo")
    stored = await engine.queries.comments("issue-1")
    assert [(row.author_kind, row.body) for row in stored if row.body.startswith("seen")] == [("operator", "seen\ntoo")]


async def test_leaving_the_comment_stores_nothing(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_thread(pilot)
        await pilot.press("c")
        await until(pilot, lambda: isinstance(pilot.app.screen, WriteModal))
        await press_all(pilot, [*"no", "escape"])
        await until(pilot, lambda: isinstance(pilot.app.screen, IssuesScreen))
    assert len(await engine.queries.comments("issue-1")) == 3


async def test_what_happens_on_an_issue_is_shown(engine: FakeStoringEngine) -> None:
    posted = CommentRecord(
        id="c-9", issue_id="issue-1", author_kind="system", author="sidebeat", body="Released.", created_at="2030"
    )
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_thread(pilot)
        engine.say([CommentPosted(posted), IssueChanged(replace(issue(1), status="blocked"))])
        await until(pilot, lambda: "Released." in document_text(pilot))
        assert "blocked" in document_text(pilot)
        assert any("blocked" in item for item in items(pilot))


async def test_the_runs_of_an_issue_are_a_key_away(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_thread(pilot)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunsScreen) and item_list(pilot).option_count == 1)
        assert "PAP-8" in items(pilot)[0]


async def test_tab_goes_to_the_thread_and_back(engine: FakeStoringEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await open_thread(pilot)
        await press_all(pilot, ["tab"])
        assert on_top(pilot, IssuesScreen).query_one(DocumentView).has_focus
        await press_all(pilot, ["tab"])
        assert item_list(pilot).has_focus
