"""What the keys of the lanes screen do."""

from __future__ import annotations

import pytest
from textual.events import MouseScrollUp

from console.engine.events import OperatorWarned, RowsChanged, RunChanged
from console.engine.launches import LaneChoice
from console.ui.keys import ACTIONS, actions_of
from console.ui.messages import RunChosen
from console.ui.modals.confirm import ConfirmModal
from console.ui.modals.picker import PickerModal
from console.ui.palette import ActionsProvider
from console.ui.screens.help import HelpScreen
from tests.ui.driving import NARROW, WIDE, app_over, lane, lanes, ready, tell, text_of, until
from tests.ui.fake_engine import FakeEngine
from tests.ui.samples import HOST_RUN, VM_RUN, begun, failed, row, run


async def test_s_starts_every_lane_in_sequence_on_a_new_issue(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await pilot.press("s")
        await until(pilot, lambda: engine.orders)
    [order] = engine.orders
    assert (order.kind, order.session) == ("sequence", "new issue")
    assert order.lanes == (LaneChoice("pi_local"), LaneChoice("agentos_local/pi"))


@pytest.mark.parametrize(
    ("key", "kind", "session", "indexes"),
    [
        ("L", "race", "new issue", (0, 1)),
        ("b", "sequence", "new issue", (0,)),
        ("n", "sequence", "next beat", (0, 1)),
        ("N", "sequence", "next beat", (0,)),
        ("f", "sequence", "fresh session", (0, 1)),
    ],
)
async def test_other_ways_to_start(
    engine: FakeEngine, key: str, kind: str, session: str, indexes: tuple[int, ...]
) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await tell(pilot, engine, failed())
        await pilot.press(key)
        await until(pilot, lambda: engine.orders)
    [order] = engine.orders
    assert (order.kind, order.session, order.lane_indexes) == (kind, session, indexes)
    goes_on = session != "new issue"
    assert [choice.issue_id for choice in order.lanes] == [f"issue-{i}" if goes_on else None for i in indexes]


async def test_an_experimental_runtime_starts_only_after_it_was_allowed(engine: FakeEngine) -> None:
    engine.experimental_enabled = False
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await pilot.press("s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        await pilot.press("n")
        await until(pilot, lambda: pilot.app.screen is lanes(pilot))
        assert engine.orders == []
        await pilot.press("s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        await pilot.press("y")
        await until(pilot, lambda: engine.orders)
    assert engine.experimental_enabled


async def test_a_refused_order_is_told_word_for_word(engine: FakeEngine) -> None:
    engine.refusal = "lane [A] has a beat running[/]; wait for it"
    async with app_over(engine).run_test(size=NARROW, notifications=True) as pilot:
        await pilot.press("s")
        await until(pilot, lambda: pilot.app.screen.query("Toast"))
        toast = pilot.app.screen.query_one("Toast")
        assert "lane [A] has a beat running[/]; wait for it" in " ".join(str(toast.render()).split())


async def test_cancel_asks_and_only_while_something_runs(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("c")
        await pilot.pause()
        assert pilot.app.screen is lanes(pilot)
        await tell(pilot, engine, begun())
        await pilot.press("c")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        await pilot.press("y")
        await until(pilot, lambda: engine.calls)
    assert engine.calls == ["cancel_all"]


async def test_nothing_can_be_started_until_the_launch_has_ended(engine: FakeEngine) -> None:
    *all_but_its_end, end = failed()
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await tell(pilot, engine, all_but_its_end)
        await pilot.press("s", "n", "b")
        await pilot.pause()
        assert engine.orders == []
        engine.say([end])
        await until(pilot, lambda: not lanes(pilot).state.is_busy)
        await pilot.press("n")
        await until(pilot, lambda: engine.orders)


async def test_the_footer_follows_the_state(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await ready(pilot)
        idle = text_of(pilot, "KeyFooter")
        await tell(pilot, engine, begun())
        running = text_of(pilot, "KeyFooter")
        await tell(pilot, engine, failed())
        done = text_of(pilot, "KeyFooter")
    assert "s start both" in idle
    assert "cancel" not in idle
    assert "c cancel" in running
    assert "start both" not in running
    assert "n next beat" in done
    assert all("? help" in footer and "q quit" in footer for footer in (idle, running, done))


async def test_scrolling_up_stops_following_and_what_arrives_moves_nothing(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await tell(pilot, engine, begun())
        transcript = lane(pilot, 0).transcript
        assert transcript.is_following
        await pilot.press("k", "k", "k")
        lines = transcript.lines
        rows = tuple(row("run-0", number, 300.0, "assistant", f"late {number}") for number in range(12, 212))
        engine.say([RowsChanged("run-0", rows)])
        await until(pilot, lambda: transcript.new_count == 200)
        assert transcript.lines == lines
        await pilot.press("G")
        assert transcript.is_following
        assert transcript.lines[-1].endswith("late 211")


async def test_a_streamed_row_is_replaced_where_it_stands(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await tell(pilot, engine, begun())
        transcript = lane(pilot, 1).transcript
        for text in ("Sing", "Singing"):
            engine.say([RowsChanged("run-1", (row("run-1", 12, 900.0, "assistant", text, closed=False),))])
            await until(pilot, lambda text=text: transcript.lines[-1].endswith(f"◆ {text}"))
    assert sum("Sing" in line for line in transcript.lines) == 1


async def test_space_shows_shortened_rows_in_full_and_shortens_them_again(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await tell(pilot, engine, begun())
        transcript = lane(pilot, 0).transcript
        assert any("34 more lines" in line for line in transcript.lines)
        await pilot.press("space", "G")
        assert any("notes-39" in line for line in transcript.lines)
        await pilot.press("space")
        assert any("34 more lines" in line for line in transcript.lines)


async def test_a_new_run_in_a_lane_starts_its_transcript_anew(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await tell(pilot, engine, begun())
        await pilot.press("k")
        await tell(pilot, engine, [RunChanged(run(0, "pi_local", id="run-next", beat_index=3))])
        transcript = lane(pilot, 0).transcript
        assert transcript.is_following
        assert transcript.lines == []


async def test_tab_and_numbers_choose_the_active_lane(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await ready(pilot)
        seen: list[int] = []
        for key in ("tab", "tab", "2", "4", "1", "shift+tab"):
            await pilot.press(key)
            seen.append(lanes(pilot).state.active)
    assert seen == [1, 0, 1, 1, 0, 1]


async def test_a_click_into_a_lane_makes_it_the_active_one(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.click(lane(pilot, 1), offset=(5, 3))
        await until(pilot, lambda: lanes(pilot).state.active == 1)


async def test_the_mouse_chooses_a_lane_and_its_wheel_scrolls_that_transcript_alone(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await tell(pilot, engine, begun())
        left, right = (lane(pilot, index).transcript for index in (0, 1))
        left_lines, right_end = left.lines, right.lines
        x, y = right.region.x + 3, right.region.y + 1
        await pilot.click(offset=(x, y))
        await until(pilot, lambda: lanes(pilot).state.active == 1)
        pilot.app.post_message(MouseScrollUp(None, x, y, 0, -1, 0, shift=False, meta=False, ctrl=False))
        await until(pilot, lambda: not right.is_following)
        assert right.lines[3:] == right_end[:-3]
        assert left.lines == left_lines
        assert left.is_following


async def test_lanes_are_added_up_to_four_and_removed_down_to_one(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press(*["plus"] * 4)
        assert len(lanes(pilot).state.lanes) == 4
        await pilot.press(*["minus"] * 5)
        assert len(lanes(pilot).state.lanes) == 1


async def test_the_picker_narrows_as_one_types_and_enter_chooses(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickerModal))
        await pilot.press(*"0.87", "enter")
        await until(pilot, lambda: pilot.app.screen is lanes(pilot))
        assert lanes(pilot).state.lanes[0].runtime_key == "pi_local@0.87.1"


async def test_escape_leaves_the_choice_as_it_is(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await ready(pilot)
        before = lanes(pilot).state
        await pilot.press("S")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickerModal))
        await pilot.press("down", "escape")
        await until(pilot, lambda: pilot.app.screen is lanes(pilot))
        assert lanes(pilot).state.scenario == before.scenario


async def test_themes_are_worn_while_choosing_and_given_back_on_escape(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await ready(pilot)
        before = pilot.app.theme
        await pilot.press("t")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickerModal))
        await pilot.press("down")
        await until(pilot, lambda: pilot.app.theme != before)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.theme == before)


async def test_a_chosen_theme_is_remembered(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("t")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickerModal))
        await pilot.press("down", "enter")
        await until(pilot, lambda: f"theme {pilot.app.theme}" in engine.calls)


async def test_what_the_engine_warns_of_is_shown(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await ready(pilot)
        engine.say([OperatorWarned("[red]the file cannot be written")])
        await until(pilot, lambda: bool(pilot.app._notifications))  # pyright: ignore[reportPrivateUsage] -- no other way
        assert [notice.message for notice in pilot.app._notifications] == [  # pyright: ignore[reportPrivateUsage] -- same
            "[red]the file cannot be written"
        ]


async def test_enter_asks_for_the_active_lanes_run(engine: FakeEngine) -> None:
    chosen: list[str] = []

    def keep(message: object) -> None:
        if isinstance(message, RunChosen):
            chosen.append(message.run_id)

    async with app_over(engine).run_test(size=NARROW, message_hook=keep) as pilot:
        await tell(pilot, engine, begun())
        await pilot.press("2", "enter")
        await until(pilot, lambda: chosen)
    assert set(chosen) == {VM_RUN.id}


async def test_quitting_asks_while_a_beat_runs(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await tell(pilot, engine, begun())
        await pilot.press("q")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        await pilot.press("n")
        await until(pilot, lambda: pilot.app.screen is lanes(pilot))
        assert pilot.app.is_running


async def test_every_available_action_is_in_the_palette(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await tell(pilot, engine, begun())
        provider = ActionsProvider(lanes(pilot))
        offered = [hit.help async for hit in provider.discover()]
        available = [action.help for action in lanes(pilot).available_actions() if action.id != "palette"]
    assert offered == available
    assert len(offered) > 20


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_help_lists_every_key_of_the_screen(engine: FakeEngine, key: str) -> None:
    async with app_over(engine).run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press(key)
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen) and text_of(pilot, "#page"))
        page = " ".join(text_of(pilot, "#page").split())
        for action in actions_of("lanes", "everywhere"):
            assert " ".join(action.help.split()) in page
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is lanes(pilot))


async def test_every_action_has_its_method(engine: FakeEngine) -> None:
    app = app_over(engine)
    async with app.run_test(size=NARROW) as pilot:
        for action in ACTIONS:
            owner = {"everywhere": app, "lanes": lanes(pilot)}.get(action.scope)
            assert owner is None or callable(getattr(owner, f"action_{action.id}"))


async def test_a_finished_run_shows_how_long_it_took(engine: FakeEngine) -> None:
    async with app_over(engine).run_test(size=NARROW) as pilot:
        await tell(pilot, engine, begun())
        heading = lane(pilot, 0).query_one(".heading").render()
    assert "✔ succeeded 1.9 s" in str(heading)
    assert HOST_RUN.started_at is not None
