"""What screens tell the app."""

from __future__ import annotations

from textual.message import Message


class RunChosen(Message):
    """The operator wants to see everything that is stored of one run."""

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.run_id = run_id
