"""An adapter package that a runtime file names by npm name and version."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from adapters.node_runtime import NodeInstallError, default_layout, ensure_npm_package

pytestmark = pytest.mark.real

SPECIFIER = "npm:picocolors@1.1.1"


async def test_a_named_package_is_fetched_once_for_all_who_ask(tmp_path: Path) -> None:
    layout = default_layout(tmp_path)
    folders = await asyncio.gather(*(ensure_npm_package(layout, SPECIFIER) for _ in range(2)))
    assert folders[0] == folders[1]
    assert json.loads((folders[0] / "package.json").read_text())["version"] == "1.1.1"
    (folders[0] / "mark").touch()
    assert ((await ensure_npm_package(layout, SPECIFIER)) / "mark").exists()


async def test_a_version_that_does_not_exist_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    layout = default_layout(tmp_path)
    with pytest.raises(NodeInstallError, match="picocolors"):
        await ensure_npm_package(layout, "npm:picocolors@0.0.99999")
    assert [path.name for path in (tmp_path / "adapters").iterdir() if path.is_dir()] == []


@pytest.mark.parametrize("specifier", ["npm:picocolors", "npm:picocolors@^1.0.0", "npm:../x@1.0.0", "npm:@1.0.0"])
async def test_what_names_no_exact_package_is_refused(tmp_path: Path, specifier: str) -> None:
    with pytest.raises(NodeInstallError, match=r"write it as npm:NAME@1\.2\.3"):
        await ensure_npm_package(default_layout(tmp_path), specifier)
