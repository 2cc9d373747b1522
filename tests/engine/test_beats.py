"""Beats in `pi_local`, from the press of the key to what is stored."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest

from console.engine.engine import Engine
from console.engine.events import EngineEvent, LaunchFinished, LaunchStarted, RequestSeen, RowsChanged, RunChanged
from console.engine.launches import RefusedOrder
from console.engine.run_report import run_report
from tests.engine.consoles import beat, comments_of, order, processes_of, request_bodies, rows_of

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]


async def test_a_heartbeat_from_checkout_to_comment(console: Engine) -> None:
    told: list[EngineEvent] = []
    unsubscribe = console.feed.subscribe(told.append)
    run = await beat(console, "pi_local", session="new issue")
    unsubscribe()
    assert (run.status, run.upstream_status, run.exit_code, run.beat_index) == ("succeeded", "succeeded", 0, 1)
    assert (Path(run.execution_root or "") / "greeting.txt").read_text("utf-8") == "hello from the tool\n"
    issue = await console.queries.issue(run.issue_id)
    assert issue is not None
    assert (issue.status, issue.execution_run_id, issue.checkout_run_id) == ("done", None, None)
    assert await comments_of(console, run) == [run.summary]
    kinds = [row.kind for row in await rows_of(console, run)]
    assert [kind for kind in kinds if kind != "request"] == [
        "assistant", "tool_call", "tool_result", "assistant", "result",
    ]  # fmt: skip
    assert kinds.count("request") == 2
    assert [type(event) for event in told if isinstance(event, LaunchStarted | LaunchFinished)] == [
        LaunchStarted,
        LaunchFinished,
    ]
    assert {RunChanged, RowsChanged, RequestSeen} <= {type(event) for event in told}


async def test_what_a_run_says_of_itself(console: Engine) -> None:
    run = await beat(console, "pi_local", session="new issue")
    report = await run_report(console.queries, run)
    provenance, metrics = report["provenance"], report["metrics"]
    assert provenance["adapter_version"] == "2026.916.1"
    assert provenance["agent"] == "pi 0.60.0"
    assert provenance["node_packages"] == console.services.node.key
    assert provenance["script_sha256"] == console.scenarios.scenario("hello-tool").script_sha256
    assert {"python", "node", "system", "cpu_count", "memory_bytes", "load_1m", "runtime_fingerprint"} <= set(
        provenance
    )
    assert metrics["model_requests"] == 2
    assert metrics["execute_ms"] > metrics["execute_to_first_request_ms"] > metrics["execute_to_spawn_ms"] > 0
    assert metrics["peak_process_count"] >= 2
    assert min(metrics[name] for name in ("bridge_ms", "peak_rss_bytes", "cpu_seconds", "input_tokens")) > 0
    assert report["usage"]["inputTokens"] > 0
    assert report["log"]["bytes"] == len((await console.queries.log_text(run.id)).encode())
    assert [item["held"] for item in report["expectations"]] == [True]


async def test_the_second_beat_resumes_and_a_fresh_one_does_not(console: Engine) -> None:
    first = await beat(console, "pi_local", session="new issue")
    second = await beat(console, "pi_local", issue=first.issue_id)
    assert (second.beat_index, second.fresh_session_reason) == (2, None)
    assert second.session_before_json == first.session_after_json
    roles = [message["role"] for message in json.loads((await request_bodies(console, second))[0])["messages"]]
    assert roles == ["system", "user", "assistant", "tool", "assistant", "user"]

    third = await beat(console, "pi_local", issue=first.issue_id, session="fresh session")
    assert third.fresh_session_reason == "the operator asked for a fresh session"
    roles = [message["role"] for message in json.loads((await request_bodies(console, third))[0])["messages"]]
    assert roles == ["system", "user"]


async def test_a_worktree_is_a_root_like_any_other(console: Engine) -> None:
    run = await beat(console, "pi_local", session="new issue", root_kind="git_worktree")
    assert (run.status, run.root_kind) == ("succeeded", "git_worktree")
    root = Path(run.execution_root or "")
    assert (root / "greeting.txt").is_file()
    assert root.parent.name == "worktrees"
    report = await run_report(console.queries, run)
    assert report["provenance"]["branch"] == root.name
    assert root.name.endswith("one-shell-call")


async def bridge_pids(console: Engine, *run_ids: str) -> set[int]:
    await console.store.flush()
    return {
        process.pid
        for process in await console.queries.live_processes()
        if process.role == "bridge" and process.run_id in run_ids
    }


async def test_warm_beats_share_a_bridge_and_a_cold_one_does_not_take_it(console: Engine) -> None:
    first = await beat(console, "pi_local", session="new issue", bridge_mode="warm")
    warm = await bridge_pids(console, first.id)
    second = await beat(console, "pi_local", issue=first.issue_id, bridge_mode="warm")
    assert await bridge_pids(console, second.id) == warm
    assert second.fresh_session_reason is None
    third = await beat(console, "pi_local", issue=first.issue_id)
    assert third.status == "succeeded"
    assert not await bridge_pids(console, third.id) & warm


async def test_a_warm_bridge_is_not_taken_to_another_issues_root_and_its_temporary_folder_goes_with_it(
    console: Engine,
) -> None:
    first = await beat(console, "pi_local", session="new issue", bridge_mode="warm")
    await beat(console, "pi_local", issue=first.issue_id, bridge_mode="warm")
    folders = console.paths.temporary
    assert [folder.name for folder in folders.iterdir()] == [first.id]
    other = await beat(console, "pi_local", session="new issue", bridge_mode="warm")
    assert other.execution_root != first.execution_root
    (pid,) = await bridge_pids(console, other.id)
    assert psutil.Process(pid).cwd() == psutil.Process(pid).environ()["PWD"] == other.execution_root
    assert [folder.name for folder in folders.iterdir()] == [other.id]
    await beat(console, "pi_local", session="new issue")
    assert list(folders.iterdir()) == []


async def test_a_time_limit_ends_a_beat(console: Engine) -> None:
    run = await beat(console, "pi_local", scenario="endless", session="new issue", time_limit_s=2.5)
    assert (run.status, run.upstream_status, run.timed_out) == ("timed_out", "timed_out", True)
    assert run.error_message == "Timed out after 3s"
    last = (await rows_of(console, run))[-1]
    assert (last.kind, last.title, last.is_error) == ("error", "timed_out: timeout", True)
    (comment,) = await comments_of(console, run)
    assert comment.startswith("Run timed out on pi_local: Timed out after 3s.")
    assert not any("sleep 600" in text for text in processes_of(console.paths.data).values())


@pytest.mark.parametrize(
    ("runtimes", "more", "complaint"),
    [
        ([], {}, "a launch takes 1 to 4 lanes, not 0"),
        (["pi_local"] * 5, {}, "a launch takes 1 to 4 lanes, not 5"),
        (["pi_locl"], {}, "there is no runtime `pi_locl`; did you mean `pi_local`?"),
        (["pi_local"], {"scenario": "helo-tool"}, "there is no scenario `helo-tool`; did you mean `hello-tool`?"),
        (["pi_local", "pi_local"], {"issues": [None, "none"]}, "there is no issue none to continue; start a new one"),
        (["pi_local"], {"model_mode": "real"}, "SIDEBEAT_MODEL"),
    ],
)
async def test_a_refused_launch_says_why_and_leaves_nothing(
    console: Engine, runtimes: list[str], more: dict[str, object], complaint: str
) -> None:
    before = await console.queries.runs(limit=1000)
    with pytest.raises(RefusedOrder) as caught:
        await console.launch(order(runtimes, **more))  # pyright: ignore[reportArgumentType]  # each row passes what it is about
    assert complaint in str(caught.value)
    await console.store.flush()
    assert await console.queries.runs(limit=1000) == before
    assert console.launches.busy_lanes == frozenset()


async def test_the_stored_invocation_holds_no_key(console: Engine) -> None:
    run = await beat(console, "pi_local")
    invocation = json.loads(run.invocation_json or "")
    assert "***REDACTED***" in json.dumps(invocation)
    assert "scripted" not in json.dumps(invocation["env"].get("PAPERCLIP_PI_PROVIDERS", "")).replace("scripted-1", "")
