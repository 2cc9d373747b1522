"""A chain in a terminal: its lanes as drawn, and what the model saw at each beat."""

from __future__ import annotations

from console.cli.chain_text import chain_lines
from console.engine.chain.reading import ChainView, assembled
from console.engine.chain.session_names import short_session
from console.engine.chain.shapes import request_shape
from store.records import (
    ChainStepRecord,
    ModelRequestRecord,
    ResumeVerdictRecord,
    RunRecord,
    SessionRecord,
    Write,
)
from tests.ui.chain_samples import chain, chain_rows


def view_of(rows: list[Write]) -> ChainView:
    runs = {row.id: row for row in rows if isinstance(row, RunRecord)}
    verdicts = {row.run_id: row for row in rows if isinstance(row, ResumeVerdictRecord)}
    steps = [row for row in rows if isinstance(row, ChainStepRecord)]
    sessions = dict(enumerate(row for row in rows if isinstance(row, SessionRecord)))
    return assembled(chain(), steps, runs, verdicts, sessions)


def printed() -> list[str]:
    rows = chain_rows()
    firsts = [row for row in rows if isinstance(row, ModelRequestRecord) and row.ordinal == 0]
    return list(chain_lines(view_of(rows), {row.run_id: request_shape(row) for row in firsts}))


def test_a_lane_is_one_line_of_beats_with_what_was_done_between() -> None:
    assert printed()[:3] == [
        "Resume bench   chain 12 · remember · warm",
        (
            " A pi_local          beat 1 ✔ ──session …7-46-38-120Z──▸ beat 2 ✔ native ──[deleted session store]──▸"
            " beat 3 ✖ fresh   1 fallback, then?"
        ),
        " B agentos_local/pi  beat 1 ✔ ──session 81b1d793-688…──▸ beat 2 ✔ recap ──[killed sidecar]──▸ beat 3 ✖ failed",
    ]


def test_what_the_model_saw_is_told_by_who_spoke_and_a_long_retelling_by_its_opening() -> None:
    lines = printed()
    at = lines.index(" what the model saw at beat 2")
    assert lines[at + 1] == "   A: system, user¹, assistant¹, tool¹, assistant², user²"
    assert lines[at + 2].startswith("      native: 5 earlier messages stand as messages of their own")
    assert lines[at + 3] == "   B: system, user(“You are continuing an Ag…” 1.6 kB)"


def test_a_beat_without_a_request_and_a_refused_step_are_said() -> None:
    lines = printed()
    assert "   B: no request came" in lines
    assert lines[-1].startswith(" refused in lane A: kill-sidecar: lane A runs no agentos-sidecar")


def test_a_session_is_told_apart_by_a_few_characters() -> None:
    assert short_session('{"sessionId": "/a/2026-11-23T00-00-02-114Z-agent-x.jsonl"}', "agent-x") == "…0-00-02-114Z"
    assert short_session('{"sessionId": "ses_dfa5926baffeU5PB"}') == "ses_dfa5926b…"
    assert short_session('{"sessionId": "s1"}') == "s1"
    assert [short_session(text) for text in (None, "", "{}", "[1]", "{")] == [None, None, "?", "?", "?"]
