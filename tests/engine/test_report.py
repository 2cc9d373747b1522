"""`sidebeat report` as a process: on another clone of another machine's habits, and after real beats."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.engine.consoles import REPOSITORY, CommandLine
from tests.unit.report_samples import fill
from tests.unit.test_report_writers import read_page

ROOMS = ("adapters", "console", "store")
ELSEWHERE = {
    "HOME": "/nonexistent",
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "tr_TR.UTF-8",
    "TZ": "Asia/Kathmandu",
    "PYTHONHASHSEED": "4711",
}


def read_files(names: Sequence[str]) -> list[str]:
    return [Path(name).read_text("utf-8") for name in names]


async def write_report(source: Path, database: Path, environment: dict[str, str]) -> list[str]:
    """The report of a database by the code in `source`, without its date lines."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "console", "--db", str(database), "report"),
        cwd=source,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, said = await process.communicate()
    assert (process.returncode, said.decode()) == (0, "")
    texts = read_files(output.decode().splitlines())
    kept = [[line for line in text.splitlines() if "Written 2" not in line] for text in texts]
    assert [len(text.splitlines()) - len(lines) for text, lines in zip(texts, kept, strict=True)] == [1, 1]
    return ["\n".join(lines) for lines in kept]


async def test_a_copied_database_on_another_clone_gives_the_same_bytes(tmp_path: Path) -> None:
    database, clone = tmp_path / "evidence.sqlite", tmp_path / "another place" / "clone"
    await fill(database)
    for room in ROOMS:
        shutil.copytree(REPOSITORY / room, clone / room, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    copy = clone / "copied under another name.sqlite"
    shutil.copy(database, copy)
    here, there = await write_report(REPOSITORY, database, {}), await write_report(clone, copy, ELSEWHERE)
    assert here == there
    assert not any(str(tmp_path) in text for text in here)


@pytest.mark.real
async def test_real_beats_become_a_report_that_opens_them_again(command: CommandLine, tmp_path: Path) -> None:
    beaten = await command.run("beat", "--runtime", "pi_local", "--scenario", "remember", "--beats", "2", "--json")
    first, second = json.loads(beaten.output)["runs"]
    written = await command.run("report", "--json", "--out", str(tmp_path / "out"))
    assert (written.exit_code, written.said) == (0, "")
    told = json.loads(written.output)
    assert told["noted"] is True
    markdown, page = read_files(told["files"])
    assert "1 of 1 (21% to 100%)" in markdown
    assert f"`run:{second['id']}`" in markdown
    assert "sidebeat beat --runtime pi_local --scenario remember --beats 2" in markdown
    read = read_page(page)
    assert read.faults == []
    assert f"run-{first['id']}" in read.ids
    for finding in told["findings"][:2]:
        shown = await command.run("show", finding["runs"][0], "--json")
        assert json.loads(shown.output)["id"] in (first["id"], second["id"])
    checked = await command.run("report", "--check", "--out", str(tmp_path / "out"))
    assert checked.exit_code == 1
    assert "phase-1.exit.3" in checked.sentences[-1]
