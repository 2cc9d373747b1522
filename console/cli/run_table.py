"""Runs as a table: one line each."""

from __future__ import annotations

from typing import Any

from console.cli.plain import table


def print_runs(reports: list[dict[str, Any]]) -> None:
    """One line a run."""
    table(
        (
            "RUN",
            "ISSUE",
            "RUNTIME",
            "SCENARIO",
            "BEAT",
            "STATUS",
            "UPSTREAM",
            "EXECUTE",
            "REQUESTS",
            "SESSION",
            "RESUME",
        ),
        [
            (
                report["id"][:8],
                report["issue"],
                report["runtime"] + (" (experimental)" if report["experimental"] else ""),
                report["scenario"],
                report["beat"],
                report["status"],
                report["outcomes"]["upstream"] or "-",
                _milliseconds(report["metrics"].get("execute_ms")),
                int(report["metrics"].get("model_requests", 0)),
                ", ".join(change["action"] for change in report["session"]["changes"]) or "-",
                report["resume"]["verdict"] if report["resume"] is not None else "-",
            )
            for report in reports
        ],
    )


def _milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f} ms"
