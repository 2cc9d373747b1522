"""From log lines to what the operator reads: upstream's entries, and one de-duplicated view of them."""

from adapters.transcript.formats import TRANSCRIPT_FORMATS, TranscriptFormat
from adapters.transcript.view import TranscriptView, ViewRow

__all__ = ["TRANSCRIPT_FORMATS", "TranscriptFormat", "TranscriptView", "ViewRow"]
