"""The bridge for real: any adapter package in Node, and nothing that an adapter does breaks the protocol."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from adapters.bridge import AdapterThrewError, Bridge, BridgeError, RunReport
from adapters.bridge.messages import Event, Log, Meta, Spawn
from adapters.contract import AdapterEnvironmentTestContext, AdapterExecutionResult
from adapters.line_splitter import AssembledLine
from adapters.node_runtime import NodeRuntimeLayout
from tests.adapters.adapter_packages import SUCCESS, execution_context, write_adapter

pytestmark = pytest.mark.real

StartBridge = Callable[[str | Path], AbstractAsyncContextManager[Bridge]]

COUNTING_PARSER = """
let count = 0;
export const parseStdoutLine = (line, ts) => [{ kind: "system", ts, text: `${++count} ${line}` }];
"""


@pytest.fixture
def start(node_runtime: NodeRuntimeLayout, tmp_path: Path) -> StartBridge:
    environment = {"PATH": f"{node_runtime.node_bin_dir}:{os.defpath}", "HOME": str(tmp_path)}

    @asynccontextmanager
    async def started(package: str | Path) -> AsyncGenerator[Bridge]:
        bridge = await Bridge.start(
            node=node_runtime.node_executable,
            script=node_runtime.app_dir / "bridge.mjs",
            package=str(package),
            environment=environment,
            working_directory=tmp_path,
        )
        async with bridge:
            yield bridge

    return started


class Heard:
    """A listener that keeps every report."""

    def __init__(self) -> None:
        self.reports: list[RunReport] = []

    async def __call__(self, report: RunReport) -> None:
        self.reports.append(report)

    @property
    def logged(self) -> str:
        return "".join(report.chunk for report in self.reports if isinstance(report, Log))


async def run(bridge: Bridge, tmp_path: Path, heard: Heard | None = None) -> AdapterExecutionResult:
    result, _ = await bridge.execute("r1", execution_context(tmp_path), heard or Heard())
    return result


def lines(*texts: str) -> list[AssembledLine]:
    return [AssembledLine(text, "2026-01-31T12:00:00Z", seq) for seq, text in enumerate(texts)]


async def test_paperclips_own_adapters_load_with_their_parsers(start: StartBridge) -> None:
    for name, family in (("pi", "pi"), ("opencode", "open_code")):
        async with start(f"@paperclipai/adapter-{name}-local") as bridge:
            loaded = bridge.loaded
        assert loaded is not None
        assert loaded.adapter_type == f"{name}_local"
        assert {"sessionCodec", "models", "agentConfigurationDoc"} <= set(loaded.capabilities)
        assert (loaded.ui_parser or "").lower() == f"parse{family.replace('_', '')}stdoutline"
        assert loaded.package_version == "2026.916.1"


async def test_the_shipped_folder_loads_as_an_external_adapter(
    start: StartBridge, node_runtime: NodeRuntimeLayout
) -> None:
    async with start(node_runtime.app_dir / "agentos_local") as bridge:
        loaded = bridge.loaded
    assert loaded is not None
    assert (loaded.adapter_type, loaded.ui_parser) == ("agentos_local", "createStdoutParser")
    assert {"sessionCodec", "sessionManagement", "getConfigSchema"} <= set(loaded.capabilities)


async def test_a_tiny_adapter_is_loaded_run_and_heard_in_order(start: StartBridge, tmp_path: Path) -> None:
    body = f"""
      await ctx.onMeta({{ adapterType: "tiny", command: "none" }});
      await ctx.onSpawn({{ pid: 1, processGroupId: null, startedAt: "2026-01-31T12:00:00Z" }});
      await ctx.onLog("stdout", "one\\ntw");
      await ctx.onLog("stderr", "careful\\n");
      await ctx.onEvent({{ eventType: "tiny.step", message: ctx.context.issuePrompt }});
      return {SUCCESS};"""
    heard = Heard()
    async with start(write_adapter(tmp_path / "tiny", body, parts="models: [],")) as bridge:
        assert bridge.loaded is not None
        assert bridge.loaded.model_dump(exclude={"type", "id"}) == {
            "adapter_type": "tiny",
            "package_version": "1.2.3",
            "capabilities": ["models"],
            "ui_parser": None,
        }
        result = await run(bridge, tmp_path, heard)
    assert result.exit_code == 0
    assert [type(report) for report in heard.reports] == [Meta, Spawn, Log, Log, Event]
    assert [(log.seq, log.stream, log.chunk) for log in heard.reports if isinstance(log, Log)] == [
        (0, "stdout", "one\ntw"),
        (1, "stderr", "careful\n"),
    ]
    assert [report.at_ms for report in heard.reports] == sorted(report.at_ms for report in heard.reports)


async def test_absent_null_and_unknown_fields_of_a_result_stay_apart(start: StartBridge, tmp_path: Path) -> None:
    session = "sessionParams: null, sessionId: undefined"
    body = f"return {{ exitCode: null, signal: 'SIGKILL', timedOut: false, {session}, later: 1 }};"
    async with start(write_adapter(tmp_path / "tiny", body)) as bridge:
        result = await run(bridge, tmp_path)
    assert result.has("session_params")
    assert result.session_params is None
    assert not result.has("session_id")
    assert not result.has("clear_session")
    assert result.to_wire() == {
        "exitCode": None,
        "signal": "SIGKILL",
        "timedOut": False,
        "sessionParams": None,
        "later": 1,
    }


async def test_an_adapter_that_throws_says_where_and_can_be_called_again(start: StartBridge, tmp_path: Path) -> None:
    body = f"if (ctx.config.fail) throw new Error('no such model'); return {SUCCESS};"
    async with start(write_adapter(tmp_path / "tiny", body)) as bridge:
        with pytest.raises(AdapterThrewError, match=r"^no such model$") as caught:
            await bridge.execute("r1", execution_context(tmp_path, fail=True), Heard())
        assert caught.value.during == "execute"
        assert "index.js" in (caught.value.stack or "")
        assert (await run(bridge, tmp_path)).exit_code == 0


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("undefined", "execute\\(\\) resolved to undefined, not a result"),
        ("'done'", "execute\\(\\) resolved to done, not a result"),
        ("{ exitCode: 0 }", "not an AdapterExecutionResult: signal: Field required"),
        ("{ exitCode: 'none', signal: null, timedOut: false }", "not an AdapterExecutionResult: exitCode: Input"),
        (
            "{ exitCode: 0, signal: null, timedOut: false, usage: {} }",
            "not an AdapterExecutionResult: usage.inputTokens: Field required",
        ),
    ],
)
async def test_a_result_that_is_none_is_the_adapters_fault(
    start: StartBridge, tmp_path: Path, value: str, complaint: str
) -> None:
    async with start(write_adapter(tmp_path / "tiny", f"return {value};")) as bridge:
        with pytest.raises(AdapterThrewError, match=complaint):
            await run(bridge, tmp_path)
        assert bridge.is_alive


@pytest.mark.parametrize(
    ("head", "complaint"),
    [
        ("throw new Error('needs a newer Node');", "needs a newer Node"),
        ("import 'a-package-that-is-missing';", "a-package-that-is-missing"),
        ("await new Promise((resolve) => setTimeout(resolve)); syntax error here", "Unexpected"),
    ],
)
async def test_an_adapter_that_cannot_be_imported_says_why(
    start: StartBridge, tmp_path: Path, head: str, complaint: str
) -> None:
    with pytest.raises(AdapterThrewError, match=complaint) as caught:
        async with start(write_adapter(tmp_path / "tiny", "", head=head)):
            pass
    assert caught.value.during == "load"


async def test_packages_that_are_no_adapters_are_refused_by_name(start: StartBridge, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "package.json").write_text('{"type": "module"}', "utf-8")
    (tmp_path / "none" / "index.js").write_text("export const type = 'x';", "utf-8")
    complaints = {
        "@paperclipai/adapter-missing-local": '"@paperclipai/adapter-missing-local" is not installed: add it',
        str(tmp_path / "none"): "exports neither createServerAdapter\\(\\) nor",
        str(tmp_path / "nowhere"): "ENOENT",
        "ajv": "exports neither createServerAdapter\\(\\) nor",
    }
    for package, complaint in complaints.items():
        with pytest.raises(AdapterThrewError, match=complaint):
            async with start(package):
                pass


async def test_what_an_adapter_prints_does_not_break_the_protocol(start: StartBridge, tmp_path: Path) -> None:
    body = f"""
      console.log("hello from the adapter");
      process.stdout.write("{{\\"type\\": \\"ready\\"}}\\n");
      console.error("and more");
      return {SUCCESS};"""
    async with start(write_adapter(tmp_path / "tiny", body, head="console.log('loading');")) as bridge:
        assert (await run(bridge, tmp_path)).exit_code == 0
    assert {"loading", "hello from the adapter", '{"type": "ready"}', "and more"} <= set(bridge.diagnostics)


async def test_what_goes_round_the_bridge_to_its_stdout_is_told_and_ends_the_run(
    start: StartBridge, tmp_path: Path
) -> None:
    head = "import fs from 'node:fs';"
    body = f"fs.writeSync(1, 'not a report\\n'); return {SUCCESS};"
    async with start(write_adapter(tmp_path / "tiny", body, head=head)) as bridge:
        with pytest.raises(BridgeError, match="the bridge broke its protocol: Invalid JSON"):
            await run(bridge, tmp_path)
        assert not bridge.is_alive


async def test_half_a_surrogate_pair_becomes_a_replacement_character_and_is_told(
    start: StartBridge, tmp_path: Path
) -> None:
    body = """
      await ctx.onMeta({ adapterType: "tiny", command: "none", prompt: "\\ud83d" });
      await ctx.onLog("stdout", "a\\ud83d");
      await ctx.onLog("stdout", "🙂\\n");
      return { exitCode: 0, signal: null, timedOut: false, summary: "cut \\udc00" };"""
    heard = Heard()
    async with start(write_adapter(tmp_path / "tiny", body)) as bridge:
        result = await run(bridge, tmp_path, heard)
    assert result.summary == "cut \ufffd"
    meta, first, second = heard.reports
    assert isinstance(meta, Meta)
    assert meta.meta["prompt"] == "\ufffd"
    assert isinstance(first, Log)
    assert isinstance(second, Log)
    assert (first.chunk, first.ill_formed) == ("a\ufffd", True)
    assert (second.chunk, second.ill_formed) == ("🙂\n", False)


async def test_a_slow_listener_holds_the_adapter_back(start: StartBridge, tmp_path: Path) -> None:
    """64 MiB of log: the adapter is never more than a few pipes' worth ahead of who listens."""
    progress = tmp_path / "progress"
    body = f"""
      const file = fs.openSync({json.dumps(str(progress))}, "w");
      const chunk = "x".repeat(64 * 1024 - 1) + "\\n";
      for (let count = 1; count <= 1024; count++) {{
        await ctx.onLog("stdout", chunk);
        fs.writeSync(file, String(count).padStart(4), 0);
      }}
      return {SUCCESS};"""
    ahead: list[int] = []
    size_bytes = 0

    async def listen(report: RunReport) -> None:
        nonlocal size_bytes
        assert isinstance(report, Log)
        size_bytes += len(report.chunk)
        ahead.append(int(progress.read_bytes() or b"0") - report.seq)

    package = write_adapter(tmp_path / "tiny", body, head="import fs from 'node:fs';")
    async with start(package) as bridge:
        await bridge.execute("r1", execution_context(tmp_path), listen)
    assert size_bytes == 64 * 1024 * 1024
    assert max(ahead) <= 64


async def test_a_listener_that_fails_ends_the_run_instead_of_hanging_it(start: StartBridge, tmp_path: Path) -> None:
    async def listen(_report: RunReport) -> None:
        raise OSError("the disk is full")

    body = f"await ctx.onLog('stdout', 'x\\n'); return {SUCCESS};"
    async with start(write_adapter(tmp_path / "tiny", body)) as bridge:
        with pytest.raises(BridgeError, match="a `log` report could not be taken: the disk is full"):
            await bridge.execute("r1", execution_context(tmp_path), listen)


NEVER_ENDS = "await ctx.onLog('stdout', 'began\\n'); await new Promise(() => setInterval(() => {}, 1000));"


async def kill_once_it_began(bridge: Bridge, tmp_path: Path) -> None:
    async def listen(_report: RunReport) -> None:
        os.kill(bridge.pid, signal.SIGKILL)

    await bridge.execute("r1", execution_context(tmp_path), listen)


async def test_a_bridge_that_is_killed_under_execute_is_a_bridge_error(start: StartBridge, tmp_path: Path) -> None:
    async with start(write_adapter(tmp_path / "tiny", NEVER_ENDS)) as bridge:
        with pytest.raises(BridgeError, match="the bridge ended with signal 9; its last words: none"):
            await kill_once_it_began(bridge, tmp_path)
        assert not bridge.is_alive
        with pytest.raises(BridgeError, match="signal 9"):
            await bridge.parse("r1", lines("later"))


async def test_a_grandchild_that_holds_the_pipes_does_not_hide_the_bridges_death(
    start: StartBridge, tmp_path: Path
) -> None:
    head = "import { spawn } from 'node:child_process';"
    child = "const child = spawn('sleep', ['60'], { stdio: 'inherit', detached: true });"
    body = f"{child} await ctx.onLog('stdout', String(child.pid)); await new Promise(() => {{}});"
    heard = Heard()

    async def listen(report: RunReport) -> None:
        await heard(report)
        os.kill(bridge.pid, signal.SIGKILL)

    async with start(write_adapter(tmp_path / "tiny", body, head=head)) as bridge:
        with pytest.raises(BridgeError, match="signal 9"):
            await bridge.execute("r1", execution_context(tmp_path), listen)
    psutil.Process(int(heard.logged)).kill()


async def test_an_adapter_that_crashes_the_bridge_leaves_its_own_words(start: StartBridge, tmp_path: Path) -> None:
    body = "setTimeout(() => { throw new Error('out of cheese'); }); await new Promise(() => {});"
    async with start(write_adapter(tmp_path / "tiny", body)) as bridge:
        with pytest.raises(BridgeError, match="exit code 1; its last words: Error: out of cheese"):
            await run(bridge, tmp_path)


async def test_a_stray_rejection_is_told_and_does_not_end_the_run(start: StartBridge, tmp_path: Path) -> None:
    wait = "await new Promise((resolve) => setTimeout(resolve));"
    body = f"Promise.reject(new Error('nobody listens')); {wait} return {SUCCESS};"
    async with start(write_adapter(tmp_path / "tiny", body)) as bridge:
        assert (await run(bridge, tmp_path)).exit_code == 0
        assert "adapter: Error: nobody listens" in bridge.diagnostics


async def test_cancel_aborts_the_signal_of_the_run(start: StartBridge, tmp_path: Path) -> None:
    body = """
      await ctx.onLog("stdout", "began\\n");
      await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
      return { exitCode: 143, signal: null, timedOut: false, errorMessage: ctx.signal.reason.message };"""

    async with start(write_adapter(tmp_path / "tiny", body)) as bridge:
        began = asyncio.Event()

        async def listen(_report: RunReport) -> None:
            began.set()

        call = asyncio.create_task(bridge.execute("r1", execution_context(tmp_path), listen))
        await began.wait()
        await bridge.cancel("r1")
        result, _ = await call
    assert result.error_message == "cancelled by the operator"


async def test_each_run_has_a_parser_of_its_own(start: StartBridge, tmp_path: Path) -> None:
    async with start(write_adapter(tmp_path / "tiny", "", ui_parser=COUNTING_PARSER)) as bridge:
        first = await bridge.parse("r1", lines("a", "b"))
        second = await bridge.parse("r2", lines("c"))
        again = await bridge.parse("r1", lines("d"))
    texts = [entry["text"] for line in (*first, *second, *again) for entry in line.entries]
    assert texts == ["1 a", "2 b", "1 c", "3 d"]


async def test_every_line_separator_of_unicode_survives_the_way_to_the_parser(
    start: StartBridge, tmp_path: Path
) -> None:
    text = "a\u2028b\u2029c\u0085d\re\x0bf 🙂"
    async with start(write_adapter(tmp_path / "tiny", "")) as bridge:
        (line,) = await bridge.parse("r1", lines(text))
    assert line.entries == [{"kind": "stdout", "ts": "2026-01-31T12:00:00Z", "text": text}]


async def test_a_parser_that_throws_keeps_the_line_and_goes_on(start: StartBridge, tmp_path: Path) -> None:
    parser = (
        "export const parseStdoutLine = (line, ts) => line === 'bad' ? null.x : [{ kind: 'stdout', ts, text: line }];"
    )
    async with start(write_adapter(tmp_path / "tiny", "", ui_parser=parser)) as bridge:
        bad, good = await bridge.parse("r1", lines("bad", "good"))
    assert (bad.text, bad.entries) == ("bad", [])
    assert "null" in (bad.error or "")
    assert good.entries[0]["text"] == "good"


async def parse_until_it_fails(bridge: Bridge) -> None:
    """The first call may still be answered by a thread that is about to end."""
    while True:
        await bridge.parse("r1", lines("end"))


@pytest.mark.parametrize("end", ["process.exit(3)", "setTimeout(() => { throw new Error('gone') })"])
async def test_a_parser_that_ends_its_thread_fails_every_later_call(
    start: StartBridge, tmp_path: Path, end: str
) -> None:
    parser = f"export const parseStdoutLine = (line) => {{ if (line === 'end') {end}; return []; }};"
    async with start(write_adapter(tmp_path / "tiny", "", ui_parser=parser)) as bridge:
        with pytest.raises(AdapterThrewError, match=r"gone|ended its thread with exit code"):
            await parse_until_it_fails(bridge)
        with pytest.raises(AdapterThrewError, match=r"gone|ended its thread with exit code"):
            await bridge.parse("r1", lines("later"))
        assert (await bridge.parse("r2", lines("other run")))[0].error is None


async def test_the_codec_and_the_environment_test_are_the_adapters_own(start: StartBridge, tmp_path: Path) -> None:
    parts = """sessionCodec: {
      deserialize: (raw) => raw?.id ? { sessionId: raw.id } : null,
      serialize: (params) => params?.sessionId === "bad" ? "text" : params ? { id: params.sessionId } : null,
    },"""
    async with start(write_adapter(tmp_path / "tiny", "", parts=parts)) as bridge:
        assert await bridge.deserialize_session({"id": "s1"}) == {"sessionId": "s1"}
        assert await bridge.deserialize_session({"other": 1}) is None
        assert await bridge.serialize_session({"sessionId": "s1"}) == {"id": "s1"}
        with pytest.raises(AdapterThrewError, match="the adapter's codec gives 'text' where session params belong"):
            await bridge.serialize_session({"sessionId": "bad"})
        context = AdapterEnvironmentTestContext(company_id="c1", adapter_type="tiny", config={})
        assert (await bridge.test_environment(context)).status == "pass"


async def test_an_adapter_whose_shutdown_throws_still_ends_by_itself(start: StartBridge, tmp_path: Path) -> None:
    marker = tmp_path / "exit-code"
    head = f"""
      import fs from "node:fs";
      process.on("exit", (code) => fs.writeFileSync({json.dumps(str(marker))}, String(code)));
      export const shutdown = () => {{ throw new Error("cannot clean up"); }};"""
    async with start(write_adapter(tmp_path / "tiny", "", head=head)):
        pass
    assert marker.read_text("utf-8") == "0"


async def raw_reports(layout: NodeRuntimeLayout, *commands: bytes) -> list[dict[str, Any]]:
    """What the bridge answers to these lines; it ends with its input."""
    process = await asyncio.create_subprocess_exec(
        str(layout.node_executable),
        str(layout.app_dir / "bridge.mjs"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PATH": os.defpath},
    )
    output, _ = await process.communicate(b"\n".join(commands) + b"\n")
    assert process.returncode == 0
    return [json.loads(line) for line in output.splitlines()]


async def test_ill_formed_commands_are_refused_by_the_schema_and_the_bridge_goes_on(
    node_runtime: NodeRuntimeLayout,
) -> None:
    ready, *answers = await raw_reports(
        node_runtime,
        b"{",
        b'{"type": "dance", "id": "1"}',
        b'{"type": "load", "id": "2"}',
        b'{"type": "execute", "id": "3", "context": []}',
        b'{"type": "test_environment", "id": "4", "context": {}}',
    )
    assert (ready["type"], ready["protocol"]) == ("ready", 1)
    assert [(answer["type"], answer["id"], answer["during"]) for answer in answers] == [
        ("failed", None, "command"),
        ("failed", "1", "command"),
        ("failed", "2", "command"),
        ("failed", "3", "command"),
        ("failed", "4", "test_environment"),
    ]
    assert "not JSON" in answers[0]["message"]
    assert answers[4]["message"] == "no adapter is loaded: send `load` first"
