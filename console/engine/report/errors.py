"""What can go wrong when a report is written, for those who do not load the writing itself."""

from __future__ import annotations


class ReportError(Exception):
    """A report that cannot be written; the message is one sentence with the remedy."""
