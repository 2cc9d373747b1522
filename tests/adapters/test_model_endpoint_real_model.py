"""A real provider behind the endpoint; here a second endpoint plays the provider."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError

import pytest
from pydantic import SecretStr

from adapters.model_endpoint import (
    ModelEndpoint,
    ModelEndpointError,
    RealModel,
    ScriptedToolCall,
    ScriptedTurn,
)
from adapters.node_runtime import NodeRuntimeLayout
from tests.adapters.model_requests import (
    ask_chat,
    ask_responses,
    assistant_calls,
    chat_body,
    post,
    tool_result,
    user,
)

pytestmark = pytest.mark.real

KEY = "sk-real-7f3a"
CALL = ScriptedToolCall(id="call_b1_t1_c1", name="bash", arguments='{"command": "ls"}')
TURNS = [ScriptedTurn(text="Looking.", tool_calls=(CALL,)), ScriptedTurn(text="Done.")]


def real_model(provider_url: str) -> RealModel:
    return RealModel(base_url=f"{provider_url}/v1", api_key=SecretStr(KEY), model_name="big")


def recordings_in(folder: Path) -> str:
    return "".join(path.read_text("utf-8") for path in folder.rglob("*.json"))


async def test_requests_are_passed_on_and_recorded_in_the_journal(node_runtime: NodeRuntimeLayout) -> None:
    node, script = node_runtime.node_executable, node_runtime.app_dir / "endpoint.mjs"
    async with (
        ModelEndpoint.start(node_executable=node, script=script) as provider,
        ModelEndpoint.start(
            node_executable=node, script=script, mode="pass-through", real_model=real_model(provider.base_url)
        ) as endpoint,
    ):
        await provider.begin_beat(TURNS)
        await endpoint.begin_beat([])
        answers = [await ask_chat(endpoint, [user("Go.")]), await ask_responses(endpoint, [user("Go.")])]
        requests = await endpoint.end_beat()
        asked = await provider.end_beat()
    assert [answer.text for answer in answers] == ["Looking.", "Looking."]
    assert [request.path for request in asked] == ["/v1/chat/completions", "/v1/responses"]
    assert [request.body for request in requests] == [request.body for request in asked]
    assert [request.token_basis for request in requests] == ["the provider's usage"] * 2
    assert [request.input_tokens for request in requests] == [request.input_tokens for request in asked]
    assert [request.turn_index for request in requests] == [None, None]


async def test_recording_writes_fixtures_and_never_answers_from_them(
    node_runtime: NodeRuntimeLayout, tmp_path: Path
) -> None:
    node, script = node_runtime.node_executable, node_runtime.app_dir / "endpoint.mjs"
    async with (
        ModelEndpoint.start(node_executable=node, script=script) as provider,
        ModelEndpoint.start(
            node_executable=node,
            script=script,
            mode="record",
            real_model=real_model(provider.base_url),
            recording_folder=tmp_path,
        ) as endpoint,
    ):
        await provider.begin_beat(TURNS)
        await ask_chat(endpoint, [user("Go.")])
        await ask_chat(endpoint, [user("Go.")])
        last = await ask_chat(endpoint, [user("Go."), assistant_calls(CALL), tool_result(CALL, "a")])
        asked = await provider.end_beat()
    assert last.text == "Done."
    assert [request.turn_index for request in asked] == [0, 0, 1]
    recorded = recordings_in(tmp_path)
    assert "Looking." in recorded
    assert "Done." in recorded
    assert KEY not in recorded


class KeyEcho(BaseHTTPRequestHandler):
    """A provider that refuses every request, and names the key it was given; aimock makes a 502 of the 401."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(401)
        self.end_headers()
        self.wfile.write(f'{{"error": {{"message": "no: {self.headers["authorization"]}"}}}}'.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        return None


@contextmanager
def key_echoing_provider() -> Generator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), KeyEcho)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_the_providers_key_reaches_the_provider_and_nothing_else(node_runtime: NodeRuntimeLayout) -> None:
    with key_echoing_provider() as provider_url:
        async with ModelEndpoint.start(
            node_executable=node_runtime.node_executable,
            script=node_runtime.app_dir / "endpoint.mjs",
            mode="pass-through",
            real_model=real_model(provider_url),
        ) as endpoint:
            await endpoint.begin_beat([])
            with pytest.raises(HTTPError, match="502") as refused:
                await post(endpoint, "/v1/chat/completions", chat_body([user("Go.")]))
            with refused.value as response:
                refusal = response.read().decode()
            (request,) = await endpoint.end_beat()
    assert f"no: Bearer {KEY}" in refusal
    assert KEY not in request.model_dump_json()
    assert (request.response_status, request.response_kind) == (502, "error")


async def test_a_real_mode_needs_a_real_model(node_runtime: NodeRuntimeLayout) -> None:
    with pytest.raises(ModelEndpointError, match="mode `pass-through` needs a real model"):
        async with ModelEndpoint.start(
            node_executable=node_runtime.node_executable,
            script=node_runtime.app_dir / "endpoint.mjs",
            mode="pass-through",
        ):
            pytest.fail("it must not start")
