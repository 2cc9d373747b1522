"""`agentos_local` is a package that Paperclip's plugin loader takes; the check refuses what the loader would."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from adapters.node_runtime import NodeRuntimeLayout

pytestmark = pytest.mark.real

ADAPTER = "{ type: 'tiny', execute() {}, testEnvironment() {} }"
FACTORY = f"export const createServerAdapter = () => ({ADAPTER});"
PARSER = "exports.parseStdoutLine = (line, ts) => [{ kind: 'stdout', ts, text: line }];"


def write_package(folder: Path, index: str = FACTORY, *, parser: str | None = PARSER, **manifest: Any) -> Path:
    """A package that the loader takes, but for what the test changes."""
    exports = {".": "./index.js", **({"./ui-parser": "./ui-parser.cjs"} if parser is not None else {})}
    whole = {"type": "module", "exports": exports, "paperclip": {"adapterUiParser": "1.0.0"}, **manifest}
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps(whole), "utf-8")
    (folder / "index.js").write_text(index, "utf-8")
    if parser is not None:
        (folder / "ui-parser.cjs").write_text(parser, "utf-8")
    return folder


async def verdict(layout: NodeRuntimeLayout, folder: Path) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        *(str(layout.node_executable), str(layout.app_dir / "check-plugin.mjs"), str(folder)),
        stdout=asyncio.subprocess.PIPE,
        env={"PATH": os.defpath},
    )
    output, _ = await process.communicate()
    answer: dict[str, Any] = json.loads(output)
    assert process.returncode == (0 if answer["ok"] else 1)
    return answer


async def test_the_shipped_adapter_is_taken_without_a_warning(node_runtime: NodeRuntimeLayout) -> None:
    folder = node_runtime.app_dir / "agentos_local"
    assert await verdict(node_runtime, folder) == {"ok": True, "type": "agentos_local", "problems": [], "warnings": []}


async def test_a_small_package_is_taken(node_runtime: NodeRuntimeLayout, tmp_path: Path) -> None:
    answer = await verdict(node_runtime, write_package(tmp_path / "tiny"))
    assert answer == {"ok": True, "type": "tiny", "problems": [], "warnings": []}


@pytest.mark.parametrize(
    ("index", "manifest", "problem"),
    [
        ("export const other = 1;", {}, "the entry point does not export createServerAdapter()"),
        (
            f"export const createServerAdapter = async () => ({ADAPTER});", {},
            "createServerAdapter() is refused: it is asynchronous",
        ),
        (
            "export const createServerAdapter = () => ({});", {},
            "createServerAdapter() is refused: its result has no type",
        ),
        (
            "class A { type = 'tiny'; execute() {} }\nexport const createServerAdapter = () => new A();", {},
            '"execute" is not an own property of the adapter, so registration loses it',
        ),
        ("throw new Error('no');", {}, "does not load: no"),
        (FACTORY, {"exports": {".": {"node": {"import": "./index.js"}}}, "main": "x.js"}, ""),
        (FACTORY, {"exports": {".": "./dist/index.js"}}, "dist/index.js, which does not exist"),
        (FACTORY, {"paperclip": {"adapterUiParser": "2.0.0"}}, "adapterUiParser is 2.0.0, but only 1.x is loaded"),
        (
            FACTORY, {"exports": {".": "./index.js", "./ui-parser": "../outside.js"}}, "lies outside the package",
        ),
        (FACTORY, {"exports": {".": "./index.js", "./ui-parser": "./none.js"}}, "none.js does not exist"),
    ],
)  # fmt: skip
async def test_what_the_loader_would_refuse_is_a_problem(
    node_runtime: NodeRuntimeLayout, tmp_path: Path, index: str, manifest: dict[str, Any], problem: str
) -> None:
    answer = await verdict(node_runtime, write_package(tmp_path / "tiny", index, **manifest))
    assert problem in "; ".join(answer["problems"])
    # A nested condition is not understood: the loader falls back to index.js, which is there.
    assert answer["ok"] is (problem == "")


@pytest.mark.parametrize(
    ("parser", "warning"),
    [
        (None, "there is no ./ui-parser export: the board shows raw lines"),
        ("export const parseStdoutLine = 1;", "the board's worker cannot evaluate the parser: Unexpected token"),
        ("exports.x = () => import('node:fs');", "the board's worker refuses a parser with import()"),
        ("exports.other = 1;", "the parser exports neither createStdoutParser nor parseStdoutLine"),
    ],
)  # fmt: skip
async def test_a_parser_that_the_board_cannot_use_is_a_warning(
    node_runtime: NodeRuntimeLayout, tmp_path: Path, parser: str | None, warning: str
) -> None:
    answer = await verdict(node_runtime, write_package(tmp_path / "tiny", parser=parser))
    assert answer["ok"]
    assert warning in "; ".join(answer["warnings"])


async def test_a_folder_without_a_package_is_a_problem(node_runtime: NodeRuntimeLayout, tmp_path: Path) -> None:
    answer = await verdict(node_runtime, tmp_path)
    assert not answer["ok"]
    assert "does not load: ENOENT" in answer["problems"][0]
