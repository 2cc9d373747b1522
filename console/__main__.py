"""`python -m console` is `sidebeat`."""

from console.cli import main

main()
