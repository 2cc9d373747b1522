"""What the quality of a run's transcript comes to: two views, measured against what the scripted model really did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ItemKind = Literal["text", "thinking", "tool_call", "tool_result"]
ViewName = Literal["upstream", "sidebeat"]
FindingKind = Literal[
    "missing", "duplicate", "out_of_order", "prompt_echo", "unparsed", "split", "damaged", "cut_result"
]


@dataclass(frozen=True, slots=True)
class ScriptedItem:
    """One thing that a transcript should show once, in the order in which it happened.

    `ordinal` is the model request whose answer it belongs to; a tool's result has that of the answer that called it.
    `text` is what was said; for a call its arguments as JSON, for a result what the model received next.
    """

    ordinal: int
    kind: ItemKind
    text: str
    tool: str | None = None
    call_id: str | None = None
    times_sent: int = 1
    """More than 1 where the agent asked for the same turn again: so often it may be shown."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a view shows something: `row` from 0 in the view, `entry_seq` of upstream's entry (-1: it has none)."""

    row: int
    entry_seq: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `place` is where it is seen; for what is missing, the row before it."""

    kind: FindingKind
    item: ScriptedItem | None
    place: Place | None
    text: str
    """What is shown there, or what is missing."""
    detail: str
    """What is wrong with it, in a few words."""


@dataclass(frozen=True, slots=True)
class ViewQuality:
    """One view of a transcript, measured; each number has its rows among `findings`."""

    view: ViewName
    item_count: int
    shown_count: int
    duplicates: int
    order_errors: int
    prompt_echoes: int
    unparsed_lines: int
    split_texts: int
    lost_characters: int
    replacement_characters: int
    tool_result_count: int
    complete_tool_results: int
    findings: tuple[Finding, ...]

    @property
    def recall(self) -> float:
        """The share of scripted items that is shown."""
        return self.shown_count / self.item_count

    @property
    def tool_results_complete(self) -> float | None:
        """The share of tool results that is shown whole; None where no tool was called."""
        return self.complete_tool_results / self.tool_result_count if self.tool_result_count else None


@dataclass(frozen=True, slots=True)
class TokenComparison:
    """Tokens as the adapter reports them, and as the model endpoint counted them. None: not reported."""

    reported: int | None
    counted: int

    @property
    def error(self) -> int | None:
        """Reported minus counted."""
        return None if self.reported is None else self.reported - self.counted


@dataclass(frozen=True, slots=True)
class UsageComparison:
    """The usage in the adapter's result against the endpoint's counts of the same run."""

    basis: str | None
    """Upstream's `usageBasis`; pi_local and opencode_local report one run without saying so."""
    input: TokenComparison
    output: TokenComparison
    cached: TokenComparison
    unavailable: str | None
    """Why there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class ErrorVisibility:
    """Whether somebody who looks at a failed run sees that it failed, and why."""

    reason: str
    upstream_status_tells: bool
    """Upstream's own rule ends the run as failed, so Paperclip shows its error above the transcript."""
    upstream_place: Place | None
    """The error in upstream's transcript."""
    sidebeat_place: Place | None

    @property
    def is_visible_upstream(self) -> bool:
        """Whether Paperclip would tell."""
        return self.upstream_status_tells or self.upstream_place is not None


@dataclass(frozen=True, slots=True)
class TranscriptQuality:
    """Both views of one run, its usage, and for a failed run its errors."""

    run_id: str
    items: tuple[ScriptedItem, ...]
    upstream: ViewQuality
    sidebeat: ViewQuality
    usage: UsageComparison
    errors: ErrorVisibility | None
