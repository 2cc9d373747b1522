"""The model endpoint for real: Node, aimock and HTTP, as the agents use it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import psutil
import pytest

from adapters.model_endpoint import (
    ModelEndpoint,
    ModelEndpointError,
    ModelRequest,
    ScriptedReply,
    ScriptedToolCall,
    ScriptedTurn,
)
from adapters.node_runtime import NodeRuntimeLayout
from tests.adapters.model_requests import (
    Message,
    ask_chat,
    ask_responses,
    assistant_calls,
    chat_body,
    function_call,
    function_output,
    post,
    tool_result,
    user,
)

pytestmark = pytest.mark.real

CALL = ScriptedToolCall(id="call_b1_t1_c1", name="bash", arguments='{"command": "ls"}')
SECOND_CALL = ScriptedToolCall(id="call_b1_t1_c2", name="bash", arguments='{"command": "pwd"}')
TURNS = [ScriptedTurn(text="Looking.", tool_calls=(CALL,)), ScriptedTurn(text="Done.")]
CANARY_TURN = ScriptedTurn(text="I remember.", if_seen=("lighthouse",), otherwise=ScriptedReply(text="I do not know."))

StartEndpoint = Callable[..., AbstractAsyncContextManager[ModelEndpoint]]


@pytest.fixture
def start(node_runtime: NodeRuntimeLayout) -> StartEndpoint:
    def started(**options: object) -> AbstractAsyncContextManager[ModelEndpoint]:
        script = node_runtime.app_dir / "endpoint.mjs"
        return ModelEndpoint.start(node_executable=node_runtime.node_executable, script=script, **options)  # pyright: ignore[reportArgumentType]  # each test passes the options it is about

    return started


@asynccontextmanager
async def beat(start: StartEndpoint, turns: list[ScriptedTurn]) -> AsyncGenerator[ModelEndpoint]:
    async with start() as endpoint:
        await endpoint.begin_beat(turns)
        yield endpoint


async def test_each_request_gets_the_turn_that_its_messages_call_for(start: StartEndpoint) -> None:
    async with beat(start, TURNS) as endpoint:
        first = await ask_chat(endpoint, [user("Go.")])
        second = await ask_chat(endpoint, [user("Go."), assistant_calls(CALL), tool_result(CALL, "a.txt")])
        requests = await endpoint.end_beat()
    assert (first.text, first.calls) == ("Looking.", [("call_b1_t1_c1", "bash", '{"command": "ls"}')])
    assert (second.text, second.calls) == ("Done.", [])
    assert [request.turn_index for request in requests] == [0, 1]
    assert [request.response_kind for request in requests] == ["tool_calls", "text"]
    assert requests[1].message_roles == ("user", "assistant", "tool")
    assert requests[1].tool_names == ("bash",)


async def test_a_retry_gets_the_same_turn_and_the_same_usage(start: StartEndpoint) -> None:
    async with beat(start, TURNS) as endpoint:
        answers = [await ask_chat(endpoint, [user("Go.")]) for _ in range(3)]
        requests = await endpoint.end_beat()
    assert [answer.calls for answer in answers] == [answers[0].calls] * 3
    assert [answer.usage for answer in answers] == [answers[0].usage] * 3
    assert [request.turn_index for request in requests] == [0, 0, 0]
    assert answers[0].usage["prompt_tokens"] == requests[0].input_tokens
    assert requests[0].token_basis == "characters / 4"


async def test_an_earlier_beat_in_the_request_does_not_move_the_turn(start: StartEndpoint) -> None:
    earlier: list[Message] = [user("Before."), assistant_calls(CALL), tool_result(CALL, "x")]
    earlier.append({"role": "assistant", "content": "Done."})
    async with beat(start, TURNS) as endpoint:
        answer = await ask_chat(endpoint, [*earlier, user("Go.")])
    assert answer.text == "Looking."


async def test_parallel_calls_are_one_turn_in_both_apis(start: StartEndpoint) -> None:
    turns = [ScriptedTurn(tool_calls=(CALL, SECOND_CALL)), ScriptedTurn(text="Done.")]
    results = [tool_result(CALL, "a"), tool_result(SECOND_CALL, "b")]
    outputs = [function_output(CALL, "a"), function_output(SECOND_CALL, "b")]
    async with beat(start, turns) as endpoint:
        chat = await ask_chat(endpoint, [user("Go."), assistant_calls(CALL, SECOND_CALL), *results])
        grouped = [function_call(CALL), function_call(SECOND_CALL), *outputs]
        interleaved = [function_call(CALL), outputs[0], function_call(SECOND_CALL), outputs[1]]
        responses = [await ask_responses(endpoint, [user("Go."), *items]) for items in (grouped, interleaved)]
    assert [chat.text, *(response.text for response in responses)] == ["Done."] * 3


async def test_the_responses_api_gets_the_same_script(start: StartEndpoint) -> None:
    async with beat(start, TURNS) as endpoint:
        first = await ask_responses(endpoint, [user("Go.")])
        second = await ask_responses(endpoint, [user("Go."), function_call(CALL), function_output(CALL, "a.txt")])
        requests = await endpoint.end_beat()
    assert (first.text, first.calls) == ("Looking.", [("call_b1_t1_c1", "bash", '{"command": "ls"}')])
    assert second.text == "Done."
    assert [request.path for request in requests] == ["/v1/responses", "/v1/responses"]
    assert requests[1].message_roles == ("user", "assistant", "tool")
    assert requests[0].input_tokens == first.usage["input_tokens"]


async def test_a_history_told_in_one_user_message_starts_at_the_first_turn(start: StartEndpoint) -> None:
    told = 'You are continuing an AgentOS session ... {"type":"tool_call","rawOutput":"lighthouse"}\nGo on.'
    async with beat(start, [CANARY_TURN]) as endpoint:
        answer = await ask_chat(endpoint, [user(told)])
        (request,) = await endpoint.end_beat()
    assert answer.text == "I remember."
    assert (request.turn_index, request.branch) == (0, "seen")


@pytest.mark.parametrize(
    ("result", "text", "branch"),
    [("the lighthouse", "I remember.", "seen"), ("the harbour", "I do not know.", "otherwise")],
)
async def test_a_conditional_turn_depends_on_what_the_request_holds(
    start: StartEndpoint, result: str, text: str, branch: str
) -> None:
    earlier: list[Message] = [user("Read."), assistant_calls(CALL), tool_result(CALL, result)]
    async with beat(start, [CANARY_TURN]) as endpoint:
        answer = await ask_chat(endpoint, [*earlier, {"role": "assistant", "content": "Read it."}, user("Recall.")])
        (request,) = await endpoint.end_beat()
    assert answer.text == text
    assert request.branch == branch


async def test_a_title_request_is_answered_beside_the_script(start: StartEndpoint) -> None:
    async with beat(start, TURNS) as endpoint:
        title = await ask_chat(endpoint, [user("Generate a title for this conversation:")], tools=[])
        answer = await ask_chat(endpoint, [user("Go.")])
        requests = await endpoint.end_beat()
    assert title.text == "Scripted heartbeat"
    assert answer.text == "Looking."
    assert [(request.auxiliary, request.turn_index) for request in requests] == [(True, None), (False, 0)]


async def test_a_request_past_the_script_is_answered_and_marked(start: StartEndpoint) -> None:
    async with beat(start, TURNS[:1]) as endpoint:
        answer = await ask_chat(endpoint, [user("Go."), assistant_calls(CALL), tool_result(CALL, "a")])
        (request,) = await endpoint.end_beat()
    assert answer.text == "(the script has no further turn)"
    assert (request.off_script, request.turn_index) == (True, None)


async def test_a_request_between_beats_is_no_part_of_one(start: StartEndpoint) -> None:
    seen: list[ModelRequest] = []

    async def note(request: ModelRequest) -> None:
        seen.append(request)

    async with start(on_request=note) as endpoint:
        await ask_chat(endpoint, [user("Hello?")])
        await endpoint.begin_beat(TURNS)
        await ask_chat(endpoint, [user("Go.")])
        requests = await endpoint.end_beat()
    assert [request.off_script for request in requests] == [False]
    assert [request.beat_key is None for request in seen if request.is_answered] == [True, False]


async def test_a_request_is_told_as_it_arrives_and_again_when_it_is_answered(start: StartEndpoint) -> None:
    seen: list[ModelRequest] = []

    async def note(request: ModelRequest) -> None:
        seen.append(request)

    async with start(on_request=note) as endpoint:
        await endpoint.begin_beat(TURNS)
        await ask_chat(endpoint, [user("Go.")])
        await endpoint.end_beat()
    arrived, answered = seen
    assert (arrived.is_answered, answered.is_answered) == (False, True)
    assert (arrived.index, arrived.message_roles) == (answered.index, answered.message_roles)
    assert (arrived.response_kind, arrived.output_tokens) == ("none", 0)


async def test_the_record_holds_the_whole_body_however_long(start: StartEndpoint) -> None:
    long_text = "é" * 100_000
    async with beat(start, TURNS) as endpoint:
        await ask_chat(endpoint, [user(long_text)])
        (request,) = await endpoint.end_beat()
    assert long_text in request.body
    assert request.body_bytes == len(request.body.encode()) > 200_000
    assert request.response_status == 200
    assert request.first_byte_ms is not None
    assert request.duration_ms >= request.first_byte_ms


async def test_no_character_is_cut_in_the_stream(start: StartEndpoint) -> None:
    text = "👩‍👩‍👧‍👦 漢字 🇩🇪 " * 40
    async with beat(start, [ScriptedTurn(text=text, thinking=f"x{text}")]) as endpoint:
        raw = await post(endpoint, "/v1/chat/completions", chat_body([user("Go.")]))
        answer = await ask_chat(endpoint, [user("Go.")])
    assert "\\ud" not in raw
    assert (answer.text, answer.thinking) == (text, f"x{text}")


async def test_a_pace_delays_the_first_byte(start: StartEndpoint) -> None:
    async with beat(start, [ScriptedTurn(text="word " * 40, first_token_ms=80, tokens_per_second=2_000)]) as endpoint:
        await ask_chat(endpoint, [user("Go.")])
        (request,) = await endpoint.end_beat()
    assert request.first_byte_ms is not None
    assert request.first_byte_ms >= 79


async def test_a_broken_connection_is_recorded_as_interrupted(start: StartEndpoint) -> None:
    body = chat_body([user("Go.")]).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    async with beat(start, [ScriptedTurn(text="word " * 400, tokens_per_second=50)]) as endpoint:
        reader, writer = await asyncio.open_connection("127.0.0.1", endpoint.port)
        writer.write(head + body)
        await reader.readuntil(b"data: ")
        writer.close()
        await writer.wait_closed()
        (request,) = await endpoint.end_beat()
    assert request.interrupted


async def test_a_taken_port_falls_back_to_a_free_one(start: StartEndpoint) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        async with start(preferred_port=taken) as endpoint:
            assert endpoint.preferred_port_taken
            assert endpoint.port != taken
            assert endpoint.base_url == f"http://127.0.0.1:{endpoint.port}"


async def test_a_preferred_port_comes_back_after_a_restart(start: StartEndpoint) -> None:
    async with start() as endpoint:
        port = endpoint.port
        await endpoint.begin_beat(TURNS)
        await ask_chat(endpoint, [user("Go.")])
    async with start(preferred_port=port) as again:
        assert (again.port, again.preferred_port_taken) == (port, False)


async def test_it_listens_on_loopback_only_and_ends_when_left(start: StartEndpoint) -> None:
    async with start() as endpoint:
        process = psutil.Process(endpoint.pid)
        addresses = {connection.laddr.ip for connection in process.net_connections() if connection.status == "LISTEN"}
        assert addresses == {"127.0.0.1"}
    assert not process.is_running()
    with pytest.raises(ModelEndpointError, match="is closed"):
        await endpoint.begin_beat(TURNS)


async def test_a_second_beat_must_wait_for_the_end_of_the_first(start: StartEndpoint) -> None:
    async with beat(start, TURNS) as endpoint:
        with pytest.raises(ModelEndpointError, match="refused `begin_beat`: a beat is already open"):
            await endpoint.begin_beat(TURNS)


async def test_a_killed_endpoint_says_how_it_ended(start: StartEndpoint) -> None:
    async with start() as endpoint:
        psutil.Process(endpoint.pid).kill()
        with pytest.raises(ModelEndpointError, match="ended with signal 9; its last words: none"):
            await endpoint.begin_beat(TURNS)
        assert not endpoint.is_alive
