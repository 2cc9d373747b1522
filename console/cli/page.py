"""docs/commands.md, made from the commands themselves: `python -m console.cli.page > docs/commands.md`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from console.cli.main import cli

HEAD = "# Commands\n\nMade by `python -m console.cli.page`; a test keeps it current.\n"
WIDTH_CELLS = 100


def commands_page() -> str:
    """The help of every command, as one page of Markdown."""
    return HEAD + "".join(f"\n## {name}\n\n```\n{text}\n```\n" for name, text in _helps())


def _helps() -> Iterator[tuple[str, str]]:
    with _context(cli, "sidebeat") as root:
        yield "sidebeat", cli.get_help(root)
        for name, command in cli.commands.items():
            context = click.Context(command, info_name=name, parent=root, max_content_width=WIDTH_CELLS)
            yield f"sidebeat {name}", command.get_help(context)


def _context(command: click.Command, name: str) -> click.Context:
    return click.Context(command, info_name=name, terminal_width=WIDTH_CELLS, max_content_width=WIDTH_CELLS)


if __name__ == "__main__":
    click.echo(commands_page(), nl=False)
