"""Adapters that somebody else wrote, added by a runtime file: what they say is believed only as far as it is seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.catalogue import RuntimeCatalogue
from adapters.catalogue.load import SHIPPED
from console.engine.engine import Engine
from tests.adapters.adapter_packages import SUCCESS, write_adapter
from tests.engine.consoles import add_runtime, beat, comments_of, rows_of

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]


def add(console: Engine, key: str, package: Path, config: str = "") -> None:
    """Add or change a runtime, and read the files again."""
    add_runtime(console.paths, key, package, config)
    console.catalogue = RuntimeCatalogue.load([console.paths.runtimes])
    assert console.catalogue.refusals == []


async def test_a_success_without_a_model_request_is_seen_through(console: Engine, tmp_path: Path) -> None:
    add(console, "silent", write_adapter(tmp_path, f"await ctx.onLog('stdout', 'all done\\n'); return {SUCCESS};"))
    run = await beat(console, "silent")
    assert (run.status, run.upstream_status, run.error_code) == ("failed", "succeeded", "no_model_request")
    assert run.outcome_reason == (
        "upstream's rule says succeeded, but the run ended without one request to the model endpoint"
    )
    rows = await rows_of(console, run)
    assert [(row.kind, row.title or row.body) for row in rows] == [
        ("stdout", "all done"),
        ("error", "failed: no_model_request"),
    ]
    (comment,) = await comments_of(console, run)
    assert "Upstream's rule would record it as succeeded." in comment


async def test_an_adapter_that_throws_keeps_its_log_and_its_words(console: Engine, tmp_path: Path) -> None:
    body = "await ctx.onLog('stdout', 'half a li'); throw new Error('spawn E2BIG');"
    add(console, "throwing", write_adapter(tmp_path, body))
    run = await beat(console, "throwing")
    assert (run.status, run.error_code, run.error_message) == ("failed", "adapter_failed", "spawn E2BIG")
    assert [row.body for row in await rows_of(console, run)] == ["half a li", "spawn E2BIG"]


async def test_an_adapter_that_cannot_be_loaded_is_a_setup_failure_in_lane_and_issue(
    console: Engine, tmp_path: Path
) -> None:
    add(console, "broken", write_adapter(tmp_path, "", head="throw new Error('needs a newer Node');"))
    run = await beat(console, "broken")
    assert (run.status, run.error_code, run.upstream_status) == ("failed", "setup_failed", "failed")
    (row,) = await rows_of(console, run)
    assert (row.row_no, row.kind, row.title, row.body) == (0, "error", "failed: setup_failed", "needs a newer Node")
    (comment,) = await comments_of(console, run)
    assert comment.startswith("Run failed on broken: needs a newer Node.")
    issue = await console.queries.issue(run.issue_id)
    assert issue is not None
    assert issue.execution_run_id is None


async def test_what_an_adapter_says_outside_its_log_is_shown_even_when_it_is_not_as_it_should_be(
    console: Engine, tmp_path: Path
) -> None:
    body = f"""
      await ctx.onMeta({{ command: 7 }});
      await ctx.onSpawn({{ pid: "none" }});
      await ctx.onSpawn({{ pid: -4, processGroupId: null, startedAt: "now" }});
      await ctx.onLog("stdout", "between\\n");
      await ctx.onEvent({{ eventType: "tiny.restarted", message: "a new one", payload: {{ pid: 1 }} }});
      await ctx.onEvent({{ message: "of no type" }});
      return {SUCCESS};"""
    add(console, "odd_words", write_adapter(tmp_path, body))
    run = await beat(console, "odd_words")
    assert (run.upstream_status, run.invocation_json) == ("succeeded", None)
    misfit = "is not as its contract has it"
    not_a_number = "pid: Input should be a valid integer, unable to parse string as an integer"
    no_spawn = '{"pid": -4, "processGroupId": null, "startedAt": "now"}'
    assert [(row.kind, row.body) for row in await rows_of(console, run)][:-1] == [
        ("system", f'the adapter\'s onMeta {misfit}: adapterType: Field required: {{"command": 7}}'),
        ("system", f'the adapter\'s onSpawn {misfit}: {not_a_number}: {{"pid": "none"}}'),
        ("system", f"the adapter's onSpawn {misfit}: pid: Input should be greater than or equal to 1: {no_spawn}"),
        ("stdout", "between"),
        ("system", "tiny.restarted: a new one"),
        ("system", f'the adapter\'s onEvent {misfit}: eventType: Field required: {{"message": "of no type"}}'),
    ]


@pytest.mark.parametrize("parser", ["process.exit(1)", "setTimeout(() => { throw new Error('gone'); })"])
async def test_lines_stay_readable_when_the_adapters_parser_dies(console: Engine, tmp_path: Path, parser: str) -> None:
    body = f"for (const line of ['one', 'two', 'three']) await ctx.onLog('stdout', line + '\\n'); return {SUCCESS};"
    ui_parser = (
        f"export const parseStdoutLine = (text, ts) => {{ {parser}; return [{{ kind: 'stdout', ts, text }}]; }};"
    )
    add(console, "dying_parser", write_adapter(tmp_path, body, ui_parser=ui_parser))
    run = await beat(console, "dying_parser")
    assert [row.body for row in await rows_of(console, run)][:3] == ["one", "two", "three"]


async def test_a_log_in_odd_pieces_is_read_as_lines(console: Engine, tmp_path: Path) -> None:
    pieces = json.dumps(["on", "e\ntw", "o\u2028\u2029\n\n  \n", "\ud83d", "\n", "last"])
    body = f"""
      for (const piece of {pieces}) await ctx.onLog("stdout", piece);
      await ctx.onLog("stderr", "care");
      await ctx.onLog("stderr", "ful\\n");
      return {SUCCESS};"""
    add(console, "pieces", write_adapter(tmp_path, body))
    run = await beat(console, "pieces")
    rows = [(row.kind, row.body) for row in await rows_of(console, run)][:-1]
    assert [body for kind, body in rows if kind == "stdout"] == ["one", "two", "\ufffd", "last"]
    assert [body for kind, body in rows if kind == "stderr"] == ["careful"]
    assert await console.queries.log_text(run.id, stream="stderr") == "careful\n"


class ScriptedSessions:
    """An adapter that returns what a file says, and logs what session it was handed."""

    def __init__(self, console: Engine, folder: Path) -> None:
        self._console = console
        self._file = folder / "result.json"
        body = "await ctx.onLog('stdout', JSON.stringify(ctx.runtime.sessionParams)); "
        body += "return JSON.parse(fs.readFileSync(ctx.config.file, 'utf8'));"
        self._package = write_adapter(folder / "package", body, head="import fs from 'node:fs';")
        self._issue: str | None = None
        self.configure(1)

    def configure(self, version: int) -> None:
        add(self._console, "sessions", self._package, f'file = "{self._file}"\nversion = {version}')

    async def beat(self, **session: Any) -> tuple[dict[str, Any] | None, str | None, str]:
        """The session that the adapter got, why it got none, and what became of it."""
        told = {"exitCode": 0, "signal": None, "timedOut": False, **session}
        self._file.write_text(json.dumps(told), "utf-8")
        run = await beat(self._console, "sessions", issue=self._issue)
        self._issue = run.issue_id
        rows = await rows_of(self._console, run)
        events = await self._console.queries.session_events(run.agent_id, run.adapter_type, run.task_key)
        return json.loads(rows[0].body), run.fresh_session_reason, events[-1].action


async def test_a_session_goes_from_beat_to_beat_until_it_is_cleared(console: Engine, tmp_path: Path) -> None:
    sessions = ScriptedSessions(console, tmp_path)
    assert await sessions.beat(sessionParams={"sessionId": "s1"}) == (None, None, "bind")
    assert await sessions.beat() == ({"sessionId": "s1"}, None, "keep")
    assert await sessions.beat(sessionParams={"sessionId": "s2"}) == ({"sessionId": "s1"}, None, "rebind")
    assert await sessions.beat(clearSession=True) == ({"sessionId": "s2"}, None, "clear")
    assert await sessions.beat(sessionParams={"sessionId": "s3"}) == (None, None, "bind")
    assert await sessions.beat(sessionParams={}) == ({"sessionId": "s3"}, None, "clear")
    assert await sessions.beat() == (None, None, "keep")


async def test_a_session_of_another_configuration_is_left_aside_and_stays_so(console: Engine, tmp_path: Path) -> None:
    sessions = ScriptedSessions(console, tmp_path)
    await sessions.beat(sessionParams={"sessionId": "s1"})
    sessions.configure(2)
    changed = "the runtime's configuration has changed since"
    assert await sessions.beat() == (None, changed, "keep")
    assert await sessions.beat() == (None, changed, "keep")
    sessions.configure(1)
    assert await sessions.beat() == ({"sessionId": "s1"}, None, "keep")


async def test_an_adapter_named_by_npm_package_and_version_runs_beats(console: Engine) -> None:
    text = (SHIPPED / "pi_local.toml").read_text("utf-8")
    named = text.replace('key = "pi_local"', 'key = "from_npm"').replace(
        'package = "@paperclipai/adapter-pi-local"', 'package = "npm:@paperclipai/adapter-pi-local@2026.831.1"'
    )
    (console.paths.runtimes / "from_npm.toml").write_text(named, "utf-8")
    console.catalogue = RuntimeCatalogue.load([console.paths.runtimes])
    run = await beat(console, "from_npm")
    assert run.status == "succeeded"
    assert json.loads(run.provenance_json or "")["adapter_version"] == "2026.831.1"
