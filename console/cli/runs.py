"""`sidebeat runs` and `sidebeat show`: what is stored, from the file alone."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from console.cli.common import EXIT_REFUSED, Choices, Refusal, opened_queries, run_async
from console.cli.plain import table
from console.cli.run_table import print_runs
from console.engine.find import find_run
from console.engine.plain_text import one_line
from console.engine.run_report import run_report


@click.command()
@click.option("--runtime", help="Only this runtime.")
@click.option("--scenario", help="Only this scenario.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="At most so many, newest first.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@click.pass_obj
def runs(choices: Choices, runtime: str | None, scenario: str | None, limit: int, as_json: bool) -> None:
    """List the stored runs, newest first."""

    async def read() -> list[dict[str, Any]]:
        if not choices.paths.database.exists():
            return []
        async with opened_queries(choices) as queries:
            found = await queries.runs(runtime_key=runtime, scenario=scenario, limit=limit)
            return [await run_report(queries, run, with_quality=as_json) for run in found]

    reports = run_async(read)
    if as_json:
        click.echo(json.dumps({"runs": reports}, indent=2))
    elif reports:
        print_runs(reports)
    else:
        click.echo(_none_found(runtime, scenario), err=True)


def _none_found(runtime: str | None, scenario: str | None) -> str:
    """Why the list is empty; a filter that fits nothing does not mean that nothing is stored."""
    named = [f"--runtime {runtime}"] * (runtime is not None) + [f"--scenario {scenario}"] * (scenario is not None)
    if named:
        return f"No stored run fits {' '.join(named)}: leave that out to see all."
    return "No runs yet: start one with `sidebeat beat --runtime pi_local`."


@click.command()
@click.argument("run_id")
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON, as `beat --json` did.")
@click.option("--log", "raw_log", is_flag=True, help="Print the raw log as it came (to a pipe or a file).")
@click.pass_obj
def show(choices: Choices, run_id: str, as_json: bool, raw_log: bool) -> None:
    """Show one run; the first characters of its id are enough."""

    async def read() -> tuple[dict[str, Any], list[tuple[float, str, str]], str]:
        async with opened_queries(choices) as queries:
            run = await find_run(queries, run_id)
            rows = [
                (row.at_ms / 1000, row.kind, f"{row.title} {row.body}".strip())
                for row in await queries.transcript_rows(run.id)
            ]
            log = await queries.log_text(run.id) if raw_log else ""
            return await run_report(queries, run), rows, log

    report, rows, log = run_async(read)
    if raw_log:
        _refuse_terminal()
        sys.stdout.buffer.write(log.encode("utf-8", "surrogatepass"))
    elif as_json:
        click.echo(json.dumps(report, indent=2))
    else:
        _print_run(report, rows)


def _refuse_terminal() -> None:
    """A raw log is hostile text: what an agent wrote could steer the terminal that shows it."""
    if sys.stdout.isatty():
        raise Refusal("the raw log goes to a pipe or a file: it may hold escape sequences", EXIT_REFUSED)


def _resume_lines(resume: dict[str, Any] | None) -> list[tuple[str, str]]:
    """What the beat resumed; nothing for a first beat."""
    if resume is None:
        return []
    before = f"{resume['previous_messages']} in the last request of run {resume['compared_with'][:8]}"
    counts = (
        f"{resume['messages']} messages, {before}: {resume['kept_messages']} kept beside the system prompt, "
        f"the same from the first on {resume['common_prefix_messages']}; "
        f"{resume['added_tokens']:+,} tokens, {resume['added_bytes']:+,} bytes"
    )
    return [("resume", f"{resume['verdict']}: {resume['reason']}"), ("what was sent", counts)]


def _print_run(report: dict[str, Any], rows: list[tuple[float, str, str]]) -> None:
    outcomes, session = report["outcomes"], report["session"]
    click.echo(f"run {report['id']}")
    lines = [
        ("runtime", report["runtime"] + (" (experimental)" if report["experimental"] else "")),
        ("issue", f"{report['issue']}, beat {report['beat']} of {report['scenario']}"),
        ("observed", f"{outcomes['observed']} {report['error']['message'] or ''}"),
        ("upstream's rule", outcomes["upstream"]),
        ("they differ", outcomes["difference"]),
        ("execution root", f"{report['execution_root']['kind']} {report['execution_root']['path']}"),
        ("fresh session", session["fresh_reason"]),
        *_resume_lines(report["resume"]),
        *(("session", f"{change['action']}: {change['reason']}") for change in session["changes"]),
        *(("expected", item["sentence"]) for item in report["expectations"]),
        ("log", f"{report['log']['bytes']:,} bytes, sha256 {report['log']['sha256']}"),
    ]
    for name, value in lines:
        if value:
            click.echo(f"  {name:16} {one_line(str(value))}")
    click.echo()
    table(("METRIC", "VALUE"), [(name, f"{value:,.1f}") for name, value in sorted(report["metrics"].items())])
    click.echo()
    _print_quality(report["quality"])
    click.echo()
    for at_s, kind, text in rows:
        click.echo(f"{at_s:8.2f}  {kind:12} {one_line(text)}")


QUALITY_MEASURES = (
    "recall",
    "duplicates",
    "order_errors",
    "prompt_echoes",
    "unparsed_lines",
    "split_texts",
    "lost_characters",
    "replacement_characters",
    "complete_tool_results",
)


def _print_quality(quality: dict[str, Any]) -> None:
    """Both views side by side, and what is wrong with them."""
    if quality["unavailable"]:
        click.echo(f"Quality of the transcript: not known, for {quality['unavailable']}.")
        return
    views = [quality["upstream"], quality["sidebeat"]]
    rows = [(name.replace("_", " "), *(f"{view[name]:g}" for view in views)) for name in QUALITY_MEASURES]
    table(("QUALITY", "IN PAPERCLIP", "IN SIDEBEAT"), rows)
    for name, view in zip(("Paperclip", "Sidebeat"), views, strict=True):
        for finding in view["findings"]:
            what = (finding["what"] or "line").replace("_", " ")
            kind = finding["kind"].replace("_", " ")
            click.echo(
                one_line(f"  {name}, row {finding['row']}: {kind} {what}: {finding['detail']}: {finding['text']}")
            )
