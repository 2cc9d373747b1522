"""Findings about transcripts: what a person who watches a run in Paperclip gets to see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from console.engine.report.blocks import Phrase, Severity, Strong, phrase
from console.engine.report.facts import ReportFacts, RunFacts, grouped
from console.engine.report.rules.candidate import Candidate
from console.engine.report.values import counted, significant
from console.engine.report.wording import of_all

_COUNTED: Final[tuple[tuple[str, Severity, str, str], ...]] = (
    ("upstream_duplicates", "medium", "duplicate", "shows texts again"),
    ("upstream_order_errors", "medium", "out_of_order", "shows items out of their order"),
    ("upstream_prompt_echoes", "low", "prompt_echo", "shows prompts as if the agent had said them"),
)
_OF_LOG: Final[tuple[tuple[str, Severity, str], ...]] = (
    ("unparsed_lines", "low", "writes log lines that Paperclip's parser does not understand"),
    ("lost_characters", "medium", "loses characters on the way to the transcript"),
)


def upstream_transcripts(facts: ReportFacts) -> Iterator[Candidate]:
    """What Paperclip's own view of a run shows too often, in the wrong place, or not at all."""
    measured = [item for item in facts.ended if "upstream_recall" in item.metrics]
    for runtime, runs in grouped(measured, lambda item: item.runtime).items():
        missing = [item for item in runs if item.metrics["upstream_recall"] < 1]
        if missing:
            said = f" does not show everything that the model did, {of_all(len(missing), len(runs))}."
            yield Candidate("medium", _of_view(runtime, said), _example(facts, missing, "missing"), missing)
        for name, severity, kind, what in _COUNTED:
            found = [item for item in runs if item.metrics.get(name, 0) > 0]
            if found:
                most = significant(max(item.metrics[name] for item in found))
                said = f" {what}, at most {most} of them in one run: {of_all(len(found), len(runs))}."
                yield Candidate(severity, _of_view(runtime, said), _example(facts, found, kind), found)


def logs_and_usage(facts: ReportFacts) -> Iterator[Candidate]:
    """The log, the tools' results, the reported usage, and failures that nobody would see."""
    for runtime, runs in grouped(facts.ended, lambda item: item.runtime).items():
        for name, severity, what in _OF_LOG:
            known = _with(runs, name)
            found = [item for item in known if item.metrics[name] > 0]
            if found:
                most = significant(max(item.metrics[name] for item in found))
                said = f" {what}, at most {most} in one run: {of_all(len(found), len(known))}."
                yield Candidate(severity, phrase(Strong(runtime), said), (), found)
        yield from _tool_results(runtime, runs)
        yield from _usage(runtime, runs)
        yield from _hidden_errors(runtime, runs)


def _tool_results(runtime: str, runs: Sequence[RunFacts]) -> Iterator[Candidate]:
    known = _with(runs, "tool_results_complete")
    found = [item for item in known if item.metrics["tool_results_complete"] < 1]
    if found:
        said = f" does not show every tool result whole, {of_all(len(found), len(known))}."
        yield Candidate("medium", phrase(Strong(runtime), said), (), found)


def _usage(runtime: str, runs: Sequence[RunFacts]) -> Iterator[Candidate]:
    names = ("usage_input_error_tokens", "usage_output_error_tokens")
    known = [item for item in runs if any(name in item.metrics for name in names)]
    found = [item for item in known if any(item.metrics.get(name, 0) for name in names)]
    if found:
        most = max(abs(item.metrics.get(name, 0)) for item in found for name in names)
        said = f" reports other usage than the endpoint counted: off by up to {counted(round(most), 'token')}"
        statement = phrase(Strong(runtime), said, f", {of_all(len(found), len(known))}.")
        yield Candidate("low", statement, (), found)


def _hidden_errors(runtime: str, runs: Sequence[RunFacts]) -> Iterator[Candidate]:
    known = _with(runs, "errors_visible")
    found = [item for item in known if not item.metrics["errors_visible"]]
    if found:
        said = f" fails without its reason being visible in Paperclip, {of_all(len(found), len(known), 'failed beat')}."
        yield Candidate("high", phrase(Strong(runtime), said), (), found)


def _of_view(runtime: str, said: str) -> Phrase:
    return phrase("Paperclip's view of ", Strong(runtime), said)


def _example(facts: ReportFacts, runs: Sequence[RunFacts], kind: str) -> Phrase:
    """What it looked like in the newest run whose transcript was read for this report."""
    for item in reversed(runs):
        for example in facts.examples.get(item.id, ()):
            if example.kind == kind:
                return phrase(f"For example: {example.detail}: “{example.text}”")
    return ()


def _with(runs: Sequence[RunFacts], name: str) -> list[RunFacts]:
    return [item for item in runs if name in item.metrics]
