"""The command line. `main` is the `sidebeat` command."""

from console.cli.main import main

__all__ = ["main"]
