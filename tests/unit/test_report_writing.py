"""Whole reports from small databases: the same bytes anywhere, honest when there is nothing, and noted once."""

from __future__ import annotations

import asyncio
import shlex
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from console.cli.main import cli
from console.engine.plan import SHIPPED, evaluate_plan, load_plan
from console.engine.report.blocks import CodeBlock, Finding
from console.engine.report.errors import ReportError
from console.engine.report.writing import WrittenReport, note_by_opening, report_folder, write_report
from store import Queries, StoreError
from store.records import MeasurementRecord
from tests.unit.report_samples import (
    CANDIDATE,
    GOLDEN,
    HOSTILE,
    FixedClock,
    experiment,
    fill,
    filled_records,
    golden_text,
    run,
    signed,
)
from tests.unit.test_report_writers import forbidden_characters, read_page

LATER = FixedClock(1_800_000_000.0)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "evidence.sqlite"


async def write(database: Path, clock: FixedClock | None = None, folder: Path | None = None) -> WrittenReport:
    used = clock or FixedClock()
    return await write_report(database, folder or report_folder(database), used, note_by_opening(database, used))


def texts(written: WrittenReport) -> list[str]:
    return [path.read_text("utf-8") for path in written.files]


def section(written: WrittenReport, anchor: str) -> str:
    """One section of the Markdown file."""
    markdown = texts(written)[0]
    body = markdown.split(f'<a id="{anchor}"></a>\n\n## ', 1)[1]
    return body.split("\n\n## ", 1)[0]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> WrittenReport:
    """The report of the whole sample database, for those who only read it."""
    database = tmp_path_factory.mktemp("filled") / "evidence.sqlite"

    async def write_once() -> WrittenReport:
        await fill(database)
        return await write(database)

    return asyncio.run(write_once())


async def test_the_filled_database_reads_as_it_did(tmp_path: Path) -> None:
    assert await golden_text(tmp_path) == GOLDEN.read_text("utf-8")


async def test_two_reports_differ_in_their_date_line_alone(database: Path) -> None:
    await fill(database)
    for earlier, later in zip(texts(await write(database)), texts(await write(database, LATER)), strict=True):
        pairs = zip(earlier.splitlines(), later.splitlines(), strict=True)
        different = [pair for pair in pairs if pair[0] != pair[1]]
        assert len(different) == 1
        assert "Written 2023-11-14 22:13:20 UTC." in different[0][0]
        assert "Written 2027-01-15 08:00:00 UTC." in different[0][1]


async def test_a_copy_in_another_folder_gives_the_same_bytes(database: Path, tmp_path: Path) -> None:
    await fill(database)
    copy = tmp_path / "another clone" / "copy.sqlite"
    copy.parent.mkdir()
    shutil.copy(database, copy)
    here, there = await write(database), await write(copy)
    assert [path.read_bytes() for path in here.files] == [path.read_bytes() for path in there.files]
    assert not any(str(tmp_path) in text for text in texts(here))


async def test_a_report_is_noted_and_counts_as_fresh_until_a_run_ends(database: Path) -> None:
    await fill(database)
    await write(database, LATER)
    async with await Queries.open(database) as queries:
        (note,) = await queries.measurements(subject="report", name="written")
        fresh = await evaluate_plan(load_plan([SHIPPED]), queries)
    assert note.measured_at == "2027-01-15T08:00:00.000Z"
    await fill(database, run("newer", CANDIDATE, at_s=9_000, finished_at="2027-02-01T00:00:00.000Z"))
    async with await Queries.open(database) as queries:
        stale = await evaluate_plan(load_plan([SHIPPED]), queries)
    told = [status.criterion("phase-1.exit.2") for status in (fresh, stale)]
    assert [item.state for item in told if item is not None] == ["met", "not settled"]


async def test_a_report_that_cannot_be_noted_is_written_all_the_same(database: Path) -> None:
    await fill(database)

    async def refuse(_record: MeasurementRecord) -> None:
        raise StoreError(database, "the file is read-only")

    written = await write_report(database, report_folder(database), FixedClock(), refuse)
    assert written.not_noted == "the file is read-only"
    assert all(path.stat().st_size > 0 for path in written.files)


async def test_an_empty_database_says_that_there_is_nothing(database: Path) -> None:
    await fill(database, iter(()))
    written = await write(database)
    markdown, page = texts(written)
    assert "no runs, no experiments, no chains, no measurements" in markdown
    assert "Nothing yet: no run has ended." in markdown
    assert "No paired experiment is stored" in markdown
    assert "Awaiting signature." in markdown
    assert read_page(page).faults == []


def test_hostile_rows_stay_text_in_both_files(filled: WrittenReport) -> None:
    markdown, page = texts(filled)
    read = read_page(page)
    assert read.faults == []
    assert "script" not in read.elements
    assert any("<script>alert(1)</script>" in words for words in read.words)
    assert "<script" not in markdown
    assert forbidden_characters(markdown) | forbidden_characters(page) == set()
    assert HOSTILE not in markdown


def test_the_only_addresses_that_leave_the_page_are_sources_of_claims(filled: WrittenReport) -> None:
    page = read_page(texts(filled)[1])
    outside = [address for address in page.addresses if not address.startswith("#")]
    assert outside == ["https://example.org/p"]
    assert {address.removeprefix("#") for address in page.addresses if address.startswith("#")} <= set(page.ids)


def test_every_link_of_the_markdown_leads_somewhere(filled: WrittenReport) -> None:
    markdown = texts(filled)[0]
    anchors = {part.split('"')[0] for part in markdown.split('<a id="')[1:]}
    targets = {part.split(")")[0] for part in markdown.split("](#")[1:]}
    assert targets <= anchors


async def test_a_signed_decision_stands_first_with_its_reason(database: Path) -> None:
    await fill(database, iter([*filled_records(), signed("pause")]))
    said = section(await write(database), "recommendation")
    assert "**pause**, signed by Grace" in said
    assert "The VM does not hand the session on." in said
    assert "Awaiting signature" not in said


async def test_what_was_signed_in_place_of_an_answer_stands_in_the_brief(database: Path) -> None:
    chosen = replace(signed("pi_local"), subject_id="phase-0.deliverable.2", statement="The smallest agent.")
    await fill(database, iter([chosen]))
    said = section(await write(database), "brief")
    assert "**pi_local**, signed by Grace: The smallest agent." in said
    assert "Open (`phase-0.question.1`)" in said


async def test_without_a_self_check_no_verdict_is_told(database: Path) -> None:
    await fill(database, experiment("e2", 1, ("pi_local", CANDIDATE), "comparison", factor=1.9))
    written = await write(database)
    results = section(written, "results")
    assert "Verdicts are not told" in results
    assert "not told" in results
    rows = [line for line in results.splitlines() if line.startswith("| Cold start: to the first model request")]
    assert rows
    assert not any(line.endswith(("| over |", "| within |")) for line in rows)
    assert not [item for item in found(written) if "margin" in str(item.statement)]
    page = texts(written)[1]
    assert 'class="whisker bad"' not in page
    assert 'class="whisker good"' not in page


def found(written: WrittenReport) -> list[Finding]:
    blocks = [block for part in written.document.sections for block in part.blocks]
    return [block for block in blocks if isinstance(block, Finding)]


def test_every_command_to_repeat_it_is_one_that_the_command_line_takes(filled: WrittenReport) -> None:
    blocks = next(part for part in filled.document.sections if part.anchor == "repeat").blocks
    (code,) = [block for block in blocks if isinstance(block, CodeBlock)]
    lines = code.text.splitlines()
    assert len(lines) == len(set(lines))
    names = [understood(line) for line in lines]
    assert names == ["doctor", "experiment", "experiment", "resume", "beat", "beat", "beat", "measure", "report"]


def understood(line: str) -> str:
    """The name of the sub-command whose options a line gives; raises what click raises for wrong ones."""
    program, *words = shlex.split(line)
    assert program == "sidebeat"
    rest = [word for word in words if word != "--experimental"]
    command = cli.commands.get(rest[0])
    if command is not None:
        command.make_context(rest[0], rest[1:])
    return rest[0]


async def test_a_folder_that_cannot_be_made_is_one_sentence(database: Path, tmp_path: Path) -> None:
    await fill(database, iter(()))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReportError, match=r"cannot write .*file/report\.md: .*--out"):
        await write(database, folder=tmp_path / "file")


async def test_the_operators_own_plan_changes_nothing(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(database)
    before = texts(await write(database))
    plan = tmp_path / "config" / "sidebeat" / "plan" / "own.toml"
    plan.parent.mkdir(parents=True)
    plan.write_text('schema = 1\n[[phases]]\nkey = "phase-1"\nexit = [{ id = "own", text = "our own" }]\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert texts(await write(database)) == before
