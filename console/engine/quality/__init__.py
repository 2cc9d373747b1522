"""How well a transcript shows what happened: two views of it, measured against what the scripted model did."""

from console.engine.quality.reading import BothViews, both_views, transcript_quality, visible_errors, why_no_quality
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
    "BothViews",
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
    "both_views",
    "transcript_quality",
    "visible_errors",
    "why_no_quality",
]
