"""What each beat resumed, as the model endpoint saw it, and the chains in which resume is tried by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from store.records.run import BridgeMode

ResumeWord = Literal["native", "recap", "fresh", "failed"]
"""Earlier turns reached the model as its own messages; as a retelling within a new one; not at all; no beat came."""

ChainStepState = Literal["begun", "done", "refused", "failed"]
"""A beat that has begun is done or failed when its run has ended; one that a crash left stays begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeVerdictRecord:
    """What one beat resumed of the beat before it, `previous_run_id`. Key: `run_id`.

    Counts compare this beat's first request with the last of the beat before. `kept_messages` counts that one's
    messages, the system prompt aside, which stand before this one's newest turn, unchanged and in their order.
    `canaries_json` lists each canary with where it was planted and where it was found; `compaction` is the agent's own
    word for a shortened history. `judged_at` is when the request that decided came, else when the run began.
    """

    run_id: str
    verdict: ResumeWord
    reason: str
    previous_run_id: str
    message_count: int
    previous_message_count: int
    role_sequence_sha256: str | None = None
    common_prefix_messages: int
    kept_messages: int
    added_bytes: int
    added_tokens: int
    canaries_json: str
    compaction: str | None = None
    judged_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainRecord:
    """Beats on one session in each lane, with what was done to the session between them. Key: `id`.

    `number` counts from 1 in the file. `runtime_keys_json` is a JSON list, one a lane. `plan` is the text of a chain
    that was given as a whole; None for one made by hand.
    """

    id: str
    number: int
    scenario: str
    runtime_keys_json: str
    bridge_mode: BridgeMode
    plan: str | None = None
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainStepRecord:
    """One beat or one manipulation in one lane. Key: `chain_id`, `step_no`, from 1 in the order of doing.

    `action` is `beat` or the manipulation's key; `before_json` and `after_json` show what it changed.
    """

    chain_id: str
    step_no: int
    lane_index: int
    action: str
    state: ChainStepState
    statement: str
    run_id: str | None = None
    issue_id: str | None = None
    before_json: str | None = None
    after_json: str | None = None
    at: str
