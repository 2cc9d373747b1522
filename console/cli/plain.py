"""Text for a terminal or a pipe: tables, and foreign text made harmless."""

from __future__ import annotations

from collections.abc import Sequence

import click

from console.engine.plain_text import one_line


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print aligned columns; every cell is one harmless line."""
    cells = [[one_line(str(cell)) for cell in row] for row in rows]
    widths = [max(len(line[column]) for line in [list(headings), *cells]) for column in range(len(headings))]
    for line in [list(headings), *cells]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def say(text: str) -> None:
    """One harmless line on standard error: talk, not data."""
    click.echo(one_line(text), err=True)
