"""A transcript's quality as data, for `--json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from console.engine.quality.reading import transcript_quality, visible_errors, why_no_quality
from console.engine.quality.result import ErrorVisibility, Finding, TokenComparison, TranscriptQuality, ViewQuality
from store import Queries
from store.records import RunRecord

EXCERPT_CHARACTERS = 200


async def quality_report(queries: Queries, run: RunRecord) -> dict[str, Any]:
    """Both views with what is behind each number; `unavailable` says why there is nothing to measure."""
    quality = await transcript_quality(queries, run)
    if quality is None:
        errors = await visible_errors(queries, run)
        return {"unavailable": why_no_quality(run), "errors": _errors(errors)}
    return {
        "unavailable": None,
        "items": len(quality.items),
        "upstream": _view(quality.upstream),
        "sidebeat": _view(quality.sidebeat),
        "usage": _usage(quality),
        "errors": _errors(quality.errors),
    }


def _view(view: ViewQuality) -> dict[str, Any]:
    return {
        "recall": view.recall,
        "shown": view.shown_count,
        "duplicates": view.duplicates,
        "order_errors": view.order_errors,
        "prompt_echoes": view.prompt_echoes,
        "unparsed_lines": view.unparsed_lines,
        "split_texts": view.split_texts,
        "lost_characters": view.lost_characters,
        "replacement_characters": view.replacement_characters,
        "tool_results": view.tool_result_count,
        "complete_tool_results": view.complete_tool_results,
        "findings": [_finding(finding) for finding in view.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    item = finding.item
    return {
        "kind": finding.kind,
        "what": item.kind if item is not None else None,
        "request": item.ordinal if item is not None else None,
        "call_id": item.call_id if item is not None else None,
        "row": finding.place.row if finding.place is not None else None,
        "entry_seq": finding.place.entry_seq if finding.place is not None else None,
        "detail": finding.detail,
        "text": finding.text[:EXCERPT_CHARACTERS],
    }


def _usage(quality: TranscriptQuality) -> dict[str, Any]:
    usage = quality.usage
    compared = {"input": usage.input, "output": usage.output, "cached": usage.cached}
    return {
        "basis": usage.basis,
        "unavailable": usage.unavailable,
        **{name: _tokens(tokens) for name, tokens in compared.items()},
    }


def _tokens(tokens: TokenComparison) -> dict[str, int | None]:
    return {"reported": tokens.reported, "counted": tokens.counted, "error": tokens.error}


def _errors(errors: ErrorVisibility | None) -> dict[str, Any] | None:
    return None if errors is None else {**asdict(errors), "visible_upstream": errors.is_visible_upstream}
