"""`sidebeat beat` on three runtimes at once, three beats each: what the model saw, what is stored, and what is not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from console.engine.recording import read_recording
from console.engine.resume.judging import judge_run
from store import Queries
from store.records import ResumeVerdictRecord, RunRecord
from tests.engine.consoles import CommandLine, CommandResult, processes_of

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(400)]

RUNTIMES = ["pi_local", "agentos_local/pi", "opencode_local"]
SECRET = "sk-canary-4f1d90"
WORDS = ["marmalade-7141", "lighthouse-2906"]


@dataclass(frozen=True, slots=True)
class Remembered:
    """One command with nine runs; `runs[runtime][beat - 1]`."""

    command: CommandLine
    result: CommandResult
    runs: dict[str, list[dict[str, Any]]]

    async def first_request(self, runtime: str, beat: int) -> list[dict[str, Any]]:
        """The messages of a beat's first request."""
        async with await Queries.open(self.command.database) as queries:
            requests = await queries.model_requests(self.runs[runtime][beat - 1]["id"], with_bodies=True)
        return json.loads(next(request.body for request in requests if not request.auxiliary))["messages"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def remembered(command: CommandLine) -> Remembered:
    lanes = [argument for key in RUNTIMES for argument in ("--runtime", key)]
    options = ["--scenario", "remember", "--beats", "3", "--race", "--json"]
    secrets = {"SIDEBEAT_MODEL_API_KEY": SECRET, "ANTHROPIC_API_KEY": SECRET}
    result = await command.run("--experimental", "beat", *lanes, *options, **secrets)
    runs = json.loads(result.output)["runs"]
    return Remembered(command, result, {key: [run for run in runs if run["runtime"] == key] for key in RUNTIMES})


async def test_every_beat_succeeds_and_the_work_is_done(remembered: Remembered) -> None:
    assert remembered.result.exit_code == 0
    for runs in remembered.runs.values():
        assert [(run["beat"], run["status"], run["outcomes"]["upstream"]) for run in runs] == [
            (beat, "succeeded", "succeeded") for beat in (1, 2, 3)
        ]
        root = Path(runs[0]["execution_root"]["path"])
        assert (root / "recalled.txt").read_text("utf-8").split() == WORDS
        assert (root / "recalled-again.txt").read_text("utf-8").split() == WORDS[::-1]
        assert {run["issue"] for run in runs} == {runs[0]["issue"]}
        assert [run["session"]["fresh_reason"] for run in runs] == [None, None, None]


async def test_a_race_runs_all_lanes_at_once(remembered: Remembered) -> None:
    for beats in zip(*remembered.runs.values(), strict=True):
        assert max(run["started_at"] for run in beats) < min(run["finished_at"] for run in beats)


async def test_pi_hands_the_earlier_beat_to_the_model_as_messages(remembered: Remembered) -> None:
    messages = await remembered.first_request("pi_local", 2)
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "tool", "assistant", "user"]
    assert WORDS[0] in json.dumps(messages[1])
    assert WORDS[1] in json.dumps(messages[3])
    assert not any(word in json.dumps(messages[-1]) for word in WORDS)


async def test_agent_os_hands_the_earlier_beat_to_the_model_inside_one_user_message(remembered: Remembered) -> None:
    messages = await remembered.first_request("agentos_local/pi", 2)
    assert [message["role"] for message in messages] == ["system", "user"]
    assert all(word in json.dumps(messages[1]) for word in WORDS)


async def test_the_verdicts_say_what_the_model_saw(remembered: Remembered) -> None:
    told = {key: [run["resume"] for run in runs] for key, runs in remembered.runs.items()}
    assert {key: [resume and resume["verdict"] for resume in resumes] for key, resumes in told.items()} == {
        "pi_local": [None, "native", "native"],
        "agentos_local/pi": [None, "recap", "recap"],
        "opencode_local": [None, "native", "native"],
    }
    for key, resumes in told.items():
        for resume in resumes[1:]:
            assert [canary["text"] for canary in resume["canaries"]] == WORDS
            standing = "quoted" if key == "agentos_local/pi" else "message"
            assert {canary["standing"] for canary in resume["canaries"]} == {standing}
            assert resume["added_tokens"] > 0


async def test_the_numbers_are_those_of_the_requests(remembered: Remembered) -> None:
    for runs in remembered.runs.values():
        for before, run in pairwise(runs):
            last = [request for request in before["requests"] if not request["auxiliary"]][-1]
            first = next(request for request in run["requests"] if not request["auxiliary"])
            resume = run["resume"]
            assert resume["compared_with"] == before["id"]
            assert (resume["messages"], resume["previous_messages"]) == (len(first["roles"]), len(last["roles"]))
            assert resume["role_sequence_sha256"] == first["role_sequence_sha256"]
            assert resume["added_bytes"] == first["body_bytes"] - last["body_bytes"]
            assert abs(resume["added_tokens"] - (first["input_tokens"] - last["input_tokens"])) <= 1


async def test_pi_locals_system_prompt_holds_the_beats_prompt_so_no_prefix_is_common(remembered: Remembered) -> None:
    _, second, third = remembered.runs["pi_local"]
    assert [(run["resume"]["common_prefix_messages"], run["resume"]["kept_messages"]) for run in (second, third)] == [
        (0, 3),
        (0, 7),
    ]
    _, second, third = remembered.runs["opencode_local"]
    assert [(run["resume"]["common_prefix_messages"], run["resume"]["kept_messages"]) for run in (second, third)] == [
        (4, 3),
        (8, 7),
    ]


async def test_a_verdict_is_the_same_whenever_it_is_judged(remembered: Remembered) -> None:
    async with await Queries.open(remembered.command.database) as queries:
        for run in await queries.runs(limit=9):
            assert await judge_run(queries, run) == await queries.resume_verdict(run.id)


async def test_show_reads_the_same_from_the_file_alone(remembered: Remembered) -> None:
    for runs in remembered.runs.values():
        shown = await remembered.command.run("show", runs[-1]["id"], "--json")
        assert (shown.exit_code, shown.said) == (0, "")
        assert json.loads(shown.output) == runs[-1]
    listed = await remembered.command.run("runs", "--json", "--limit", "9")
    by_id = {run["id"]: run for run in json.loads(listed.output)["runs"]}
    assert by_id == {run["id"]: run for runs in remembered.runs.values() for run in runs}


async def test_the_log_is_told_as_it_came(remembered: Remembered) -> None:
    run = remembered.runs["pi_local"][0]
    shown = await remembered.command.run("show", run["id"][:8], "--log")
    assert len(shown.output.encode()) == run["log"]["bytes"]
    assert json.loads(shown.output.splitlines()[0])["type"] == "session"


async def test_a_recording_of_it_names_no_folder_of_this_machine(remembered: Remembered, tmp_path: Path) -> None:
    output = tmp_path / "remember.recording.gz"
    run_id = remembered.runs["pi_local"][1]["id"]
    exported = await remembered.command.run("export", run_id, "--output", str(output))
    assert exported.exit_code == 0
    recording = read_recording(output)
    assert [run.beat_index for run in recording.of(RunRecord)] == [2, 2, 2]
    assert sorted(verdict.verdict for verdict in recording.of(ResumeVerdictRecord)) == ["native", "native", "recap"]
    assert str(remembered.command.folder) not in repr(recording.records)


async def test_no_secret_of_the_host_is_in_the_database_or_a_root(remembered: Remembered) -> None:
    files = [path for path in remembered.command.folder.rglob("*") if path.is_file() and not path.is_symlink()]
    assert remembered.command.database in files
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []


async def test_nothing_runs_on(remembered: Remembered) -> None:
    assert processes_of(remembered.command.folder) == {}
    assert list(remembered.command.paths.temporary.iterdir()) == []
