"""How well a transcript shows what happened: two views of it, measured against what the scripted model did."""

from console.engine.quality.reading import transcript_quality
from console.engine.quality.result import (
    ErrorVisibility,
    Finding,
    FindingKind,
    ItemKind,
    Place,
    ScriptedItem,
    TokenComparison,
    TranscriptQuality,
    UsageComparison,
    ViewName,
    ViewQuality,
)

__all__ = [
    "ErrorVisibility",
    "Finding",
    "FindingKind",
    "ItemKind",
    "Place",
    "ScriptedItem",
    "TokenComparison",
    "TranscriptQuality",
    "UsageComparison",
    "ViewName",
    "ViewQuality",
    "transcript_quality",
]
