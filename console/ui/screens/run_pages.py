"""What is stored of one run, as documents to read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, LiteralString, cast

from textual.content import Content

from console.ui.figures import run_state
from console.ui.layout import padded
from console.ui.run_words import duration, moment
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.documents import Document, ForeignJson, ForeignText, Lines, Together
from store.records import RunRecord

_NAME_CELLS: Final = 26


def result_page(run: RunRecord) -> Document:
    """What the adapter's `execute` resolved to."""
    if run.result_json is None:
        return nothing(own("The adapter has returned no result."))
    return ForeignJson.of(run.result_json)


def outcome_page(run: RunRecord) -> Document:
    """Both judgements, why they part, what the error was, and what had to be true afterwards."""
    parts: list[Document] = [
        heading(own("How it ended"), first=True),
        fact(own("upstream's rule"), run_state(run.upstream_status or "")),
        fact(own("observed"), run_state(run.observed_status or run.status)),
    ]
    if run.outcome_reason:
        parts.append(long_fact(own("why they differ"), run.outcome_reason, "bold $warning"))
    given: tuple[tuple[LiteralString, object], ...] = (
        ("exit code", run.exit_code),
        ("signal", run.signal),
        ("timed out", "yes" if run.timed_out else None),
        ("error code", run.error_code),
        ("error family", run.error_family),
    )
    parts += [fact(own(name), foreign(str(value))) for name, value in given if value is not None]
    if run.error_message:
        parts.append(long_fact(own("error"), run.error_message, "$error"))
    if run.summary:
        parts += [heading(own("Summary")), ForeignText.of(run.summary)]
    if run.usage_json:
        parts += [heading(own("Usage, as the adapter reports it")), *_table(run.usage_json)]
    return Together([*parts, *_expectations(run.expectations_json)])


def invocation_page(run: RunRecord) -> Document:
    """How the adapter invoked the agent; its environment came redacted."""
    if run.invocation_json is None:
        return nothing(own("The adapter has told no invocation."))
    known = _object(run.invocation_json)
    if known is None:
        return ForeignJson.of(run.invocation_json)
    parts: list[Document] = [heading(own("Command"), first=True), ForeignText.of(str(known.pop("command", "")))]
    arguments = _taken(known, "commandArgs", "command_args")
    if isinstance(arguments, list):
        shown = [str(item) for item in cast("list[object]", arguments)]
        parts.append(Together([_argument(number, text) for number, text in enumerate(shown, start=1)]))
    if (cwd := known.pop("cwd", None)) is not None:
        parts += [heading(own("Working directory")), ForeignText.of(str(cwd))]
    named: tuple[tuple[LiteralString, str, str], ...] = (
        ("Prompt metrics", "promptMetrics", "prompt_metrics"),
        ("Environment", "env", "env"),
    )
    for title, camel, snake in named:
        table = _taken(known, camel, snake)
        if isinstance(table, dict) and table:
            parts += [heading(own(title)), *_rows(cast("dict[str, Any]", table))]
    if (prompt := known.pop("prompt", None)) is not None:
        parts += [heading(own("Prompt")), ForeignText.of(str(prompt))]
    if known:
        parts += [heading(own("More")), ForeignJson.of(json.dumps(known, ensure_ascii=False))]
    return Together(parts)


def provenance_page(run: RunRecord) -> Document:
    """Under what circumstances it ran, and what names it."""
    identity: tuple[tuple[LiteralString, object], ...] = (
        ("run", run.id),
        ("launch", run.launch_id),
        ("agent", run.agent_id),
        ("adapter type", run.adapter_type),
        ("task key", run.task_key),
        ("wake reason", run.wake_reason),
        ("execution root", run.execution_root),
        ("kind of root", run.root_kind),
        ("console process", run.console_pid),
        ("log size", f"{run.log_bytes:,} bytes"),
        ("log SHA-256", run.log_sha256),
    )
    parts: list[Document] = [
        heading(own("The run"), first=True),
        *(fact(own(name), foreign(str(value))) for name, value in identity if value is not None),
        fact(own("created"), moment(run.created_at)),
        fact(own("started"), moment(run.started_at)),
        fact(own("finished"), join([moment(run.finished_at), styled(duration(run), "$text-muted")], "   ")),
    ]
    if run.provenance_json:
        parts += [heading(own("Provenance")), *_table(run.provenance_json)]
    return Together(parts)


def nothing(text: SafeText) -> Document:
    """A page with nothing on it, which says so."""
    return Lines([EMPTY, styled(text, "$text-muted")])


def heading(text: SafeText, *, first: bool = False) -> Document:
    """The heading of a part of a page."""
    line = styled(text, "bold $secondary")
    return Lines([line] if first else [EMPTY, line])


def fact(name: SafeText, value: SafeText) -> Document:
    """A name and its value on one line."""
    return Lines([join([padded(styled(name, "$text-muted"), _NAME_CELLS), value or own("-")])], _NAME_CELLS)


def long_fact(name: SafeText, value: str, style: LiteralString) -> Document:
    """A name, and beside it the first line of a longer text; the rest below."""
    first, *rest = [foreign(line, style) for line in value.splitlines() or [""]]
    indent = SafeText(Content(" " * _NAME_CELLS))
    return Together([fact(name, first), Lines([join([indent, line]) for line in rest], _NAME_CELLS)])


def _argument(number: int, text: str) -> Document:
    first, *rest = [foreign(piece) for piece in ForeignText.of(text).pieces]
    lead = padded(words("{n}", "$text-muted", n=number), 4, is_right=True)
    later = [join([own("      "), line]) for line in rest]
    return Lines([join([lead, own("  "), first]), *later], 6)


def _expectations(expectations_json: str | None) -> Iterator[Document]:
    if expectations_json is None:
        return
    try:
        listed: Any = json.loads(expectations_json)
    except (ValueError, RecursionError):
        listed = None
    yield heading(own("What had to be true afterwards"))
    if not isinstance(listed, list):
        yield ForeignText.of(expectations_json)
        return
    items = cast("list[object]", listed)
    if not items:
        yield Lines([own("nothing: the scenario expects nothing of the files", "$text-muted")])
    for item in items:
        yield _expectation(item)


def _expectation(item: object) -> Document:
    if not isinstance(item, dict):
        return ForeignText.of(str(item))
    known = cast("dict[str, object]", item)
    mark = own("✔ ", "$success") if known.get("held") else own("✖ ", "$error")
    path = str(known.get("path", ""))
    first, *rest = str(known.get("sentence", "")).splitlines() or [""]
    named_already = first.startswith(path)
    head = join([mark, EMPTY if named_already else foreign(f"{path}  ", "bold"), foreign(first)])
    return Lines([head, *(join([own("  "), foreign(line)]) for line in rest)], 2)


def _table(json_text: str) -> list[Document]:
    known = _object(json_text)
    return [ForeignJson.of(json_text)] if known is None else _rows(known)


def _rows(table: Mapping[str, Any]) -> list[Document]:
    return [long_fact(foreign(name), _plain(value), "$foreground") for name, value in table.items()]


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _taken(known: dict[str, Any], *names: str) -> Any:
    """The first of these members, which leaves the object."""
    found = [known.pop(name) for name in dict.fromkeys(names) if name in known]
    return found[0] if found else None


def _object(json_text: str) -> dict[str, Any] | None:
    try:
        value: Any = json.loads(json_text)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None
