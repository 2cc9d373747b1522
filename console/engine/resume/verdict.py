"""The resume verdict: what of the earlier beat reached the model, read from what the model was sent.

The rules are in docs/resume.md. Session ids and exit codes are no part of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from adapters.model_endpoint.journal import role_sequence_sha256
from console.engine.resume.conversation import common_prefix
from console.engine.resume.evidence import EarlierBeat, FoundMarker, JudgedBeat, Marker, SeenRequest, Verdict
from console.engine.resume.markers import chosen_markers, find_markers, newest_turn
from console.engine.resume.messages import Message
from console.engine.resume.reasons import Finding, reason
from store.records import ResumeWord


def judge(earlier: EarlierBeat, beat: JudgedBeat, canaries: Sequence[Marker], compaction: str | None) -> Verdict:
    """Judge one beat by its first request; `compaction` is the agent's own word for a history that it shortened."""
    chosen = chosen_markers(earlier, canaries)
    markers = find_markers(earlier, beat, chosen.markers)
    request, last = beat.first_request, earlier.last_request
    messages = request.messages if request is not None else ()
    history = messages[: newest_turn(messages, beat.prompt)]
    left = spoken(history)
    is_shortened = bool(left) and len(left) < len(spoken(last.messages))
    told = compaction if is_shortened else None
    kept = kept_messages(last.messages, history)
    word = _word(request, markers, told, kept)
    finding = Finding(earlier, beat, markers, chosen.remark, len(left), is_shortened=is_shortened, compaction=told)
    return Verdict(
        word=word,
        reason=reason(word, finding),
        markers=markers,
        message_count=len(messages),
        previous_message_count=len(last.messages),
        role_sequence_sha256=role_sequence_sha256(message.role for message in messages) if messages else None,
        common_prefix_messages=common_prefix(last.messages, messages),
        kept_messages=kept,
        added_bytes=request.body_bytes - last.body_bytes if request is not None else 0,
        added_tokens=request.tokens - last.tokens if request is not None else 0,
        compaction=told,
    )


def spoken(messages: Sequence[Message]) -> list[Message]:
    """The messages without system prompts."""
    return [message for message in messages if message.role != "system"]


def kept_messages(before: Sequence[Message], after: Sequence[Message]) -> int:
    """How many spoken messages of the one stand in the other unchanged and in their order."""
    old, new = ([message.likeness for message in spoken(messages)] for messages in (before, after))
    return sum(block.size for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())


def _word(request: SeenRequest | None, markers: Sequence[FoundMarker], compaction: str | None, kept: int) -> ResumeWord:
    if request is None or not request.messages:
        return "failed"
    standings = {marker.standing for marker in markers}
    if standings == {"message"} or compaction is not None:
        return "native"
    if not standings and kept:
        return "native"
    return "fresh" if standings <= {"absent"} else "recap"
