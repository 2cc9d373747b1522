"""Chains on real agents: what a session survives, as the model endpoint saw it, by command and by engine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from console.engine.chain import ChainOrder, ChainView, chain_view
from console.engine.chain.shapes import first_shapes
from console.engine.engine import Engine
from store.records import ChainStepRecord
from tests.engine.consoles import CommandLine, CommandResult, processes_of

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(400)]

CHAIN = "beat, beat, delete-store@A, beat@A, beat@A"
LANES = ["--runtime", "pi_local", "--runtime", "agentos_local/pi"]


@dataclass(frozen=True, slots=True)
class Resumed:
    """One run of `sidebeat resume`; `lanes` is what it printed."""

    result: CommandResult
    lanes: list[dict[str, Any]]

    def beats(self, lane: int) -> list[dict[str, Any]]:
        return [step["beat"] for step in self.lanes[lane]["steps"] if step["action"] == "beat"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def resumed(command: CommandLine) -> Resumed:
    expected = ["--expect", "native,fresh,native@A", "--expect", "recap@B"]
    result = await command.run("resume", "--chain", CHAIN, *LANES, *expected, "--json")
    return Resumed(result, json.loads(result.output)["lanes"])


async def test_a_deleted_store_gives_one_fresh_beat_and_then_a_session_of_its_own(resumed: Resumed) -> None:
    assert (resumed.result.exit_code, resumed.lanes[0]["verdicts"]) == (0, ["native", "fresh", "native"])
    fresh, after = resumed.beats(0)[2:]
    assert [message["role"] for message in fresh["requests"][0]["messages"]] == ["system", "user"]
    assert fresh["fresh_session_reason"] is None
    assert [message["role"] for message in after["requests"][0]["messages"]][:2] == ["system", "user"]
    (deleted,) = [step for step in resumed.lanes[0]["steps"] if step["action"] == "delete-store"]
    assert [file["path"] for file in deleted["before"]["files"]] == [resumed.lanes[0]["steps"][1]["after"]["sessionId"]]
    assert deleted["after"]["files"] == []


async def test_the_vm_retells_the_earlier_beat_in_one_user_message(resumed: Resumed) -> None:
    assert resumed.lanes[1]["verdicts"] == ["recap"]
    *_, retold = resumed.beats(1)[1]["requests"][0]["messages"]
    assert (retold["role"], retold["opening"]) == ("user", "You are continuing an Ag")


async def test_another_process_goes_on_with_the_chain_and_holds_it_to_other_verdicts(
    command: CommandLine, resumed: Resumed
) -> None:
    assert resumed.result.exit_code == 0
    shown = await command.run("resume", "--continue", "1", "--chain", "view@A", "--expect", "recap,any,any@A")
    assert shown.exit_code == 1
    assert shown.sentences[-1] == ("sidebeat: lane A (pi_local): expected recap, any, any; seen native, fresh, native")
    assert "──[deleted session store]──▸ beat 3" in shown.output
    refused = await command.run("resume", "--continue", "9", "--chain", "view")
    assert (refused.exit_code, refused.sentences) == (2, ["sidebeat: there is no chain 9; the newest is 1"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--chain", "beat"], "name runtimes with --runtime, or a chain to go on with by --continue"),
        (["--chain", "beat, delet-store", *LANES], "there is no action `delet-store`; did you mean `delete-store`?"),
        (["--chain", "beat", *LANES, "--expect", "nativ"], "`nativ` is no verdict; did you mean `native`?"),
        (["--chain", "beat", "--runtime", "pi_locl"], "there is no runtime `pi_locl`; did you mean `pi_local`?"),
        (
            ["--chain", "beat", *LANES, "--scenario", "remembr"],
            "there is no scenario `remembr`; did you mean `remember`?",
        ),
    ],
)
async def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(
    command: CommandLine, arguments: list[str], sentence: str
) -> None:
    refused = await command.run("resume", *arguments)
    assert (refused.exit_code, refused.output, refused.sentences) == (2, "", [f"sidebeat: {sentence}"])


@dataclass(frozen=True, slots=True)
class WarmChain:
    """A chain of a warm VM lane beside a host lane, and what was done in it."""

    view: ChainView
    steps: dict[str, ChainStepRecord]
    roles_after_kill: list[str]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def warm(console: Engine) -> WarmChain:
    chain = await console.chains.begin(ChainOrder("remember", ("agentos_local/pi", "pi_local"), "warm"))
    steps: dict[str, ChainStepRecord] = {}

    async def do(name: str, action: str, argument: str | None = None, lane: int = 0) -> None:
        steps[name] = await console.chains.manipulate(chain.id, lane, action, argument)

    await console.chains.beat(chain.id)
    await do("kill on the host", "kill-sidecar", lane=1)
    await do("kill", "kill-sidecar")
    (after_kill,) = await console.chains.beat(chain.id, [0])
    await do("restart", "restart-console")
    (steps["after restart"],) = await console.chains.beat(chain.id, [0])
    await do("copy", "copy-stamped", "B")
    (steps["after copy"],) = await console.chains.beat(chain.id, [0])
    view = await chain_view(console.queries, chain.id)
    assert view is not None
    shape = (await first_shapes(console.queries, [after_kill.run_id or ""]))[after_kill.run_id or ""]
    return WarmChain(view, steps, [message.role for message in shape.messages])


async def test_a_killed_sidecar_is_replaced_and_the_session_retold(warm: WarmChain) -> None:
    assert warm.steps["kill"].state == "done"
    assert json.loads(warm.steps["kill"].after_json or "")["sidecar_pids"] == []
    assert warm.roles_after_kill == ["system", "user"]
    assert warm.view.lanes[0].beats[1].word == "recap"


async def test_a_lane_on_the_host_has_no_sidecar_to_kill(warm: WarmChain) -> None:
    step = warm.steps["kill on the host"]
    assert step.state == "refused"
    assert step.statement == "lane B (pi_local) runs no agentos-sidecar: its agent works on the host"


async def test_a_restarted_console_goes_on_with_the_chain(console: Engine, warm: WarmChain) -> None:
    before, after = (json.loads(text or "")["bridge_pids"] for text in (
        warm.steps["restart"].before_json, warm.steps["restart"].after_json))  # fmt: skip
    assert all(before.values())
    assert set(after.values()) == {None}
    assert (warm.steps["after restart"].state, warm.view.lanes[0].beats[2].word) == ("done", "recap")
    pid = before["agentos_local/pi"]
    assert pid not in processes_of(console.paths.data)


async def test_another_adapters_session_is_refused_by_the_codec_and_never_reaches_the_agent(warm: WarmChain) -> None:
    beat = warm.view.lanes[0].beats[3]
    assert beat.run is not None
    assert beat.run.fresh_session_reason == "the adapter's own codec makes nothing of the stored session"
    assert beat.word == "fresh"
