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
    root = _context(cli, "sidebeat", None)
    yield "sidebeat", cli.get_help(root)
    for name, command in cli.commands.items():
        yield f"sidebeat {name}", command.get_help(_context(command, name, root))


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    """As the command line makes it, but as wide as the page whatever the terminal."""
    return click.Context(
        command,
        info_name=name,
        parent=parent,
        terminal_width=WIDTH_CELLS,
        max_content_width=WIDTH_CELLS,
        **cli.context_settings,
    )


if __name__ == "__main__":
    click.echo(commands_page(), nl=False)
