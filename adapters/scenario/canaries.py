"""Canaries: texts that stand at one place of a scenario only, so that where they turn up tells how they came there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

PlantedIn = Literal["prompt", "tool_result"]


@dataclass(frozen=True, slots=True)
class ScenarioTexts:
    """All texts of a scenario, by who brings them before the model."""

    prompts: Sequence[str]
    """By beat."""
    spoken: Sequence[str]
    """What the model says and thinks."""
    files: Sequence[str]
    """The contents of the seeded files."""
    arguments: Sequence[str]
    """Every text in the arguments of a tool call."""


def canary_complaint(text: str, beat: int, planted_in: PlantedIn, texts: ScenarioTexts) -> str | None:
    """Why this canary would prove nothing, with the remedy; None for a good one. `beat` counts from 1."""
    count = len(texts.prompts)
    if beat > count:
        return f"is planted in beat {beat}, but the scenario has {count}; name a beat from 1 to {count}"
    if planted_in == "prompt":
        return _in_prompt(text, beat, texts)
    return _in_tool_result(text, texts)


def _in_prompt(text: str, beat: int, texts: ScenarioTexts) -> str | None:
    if text not in texts.prompts[beat - 1]:
        return f"does not occur in the prompt of beat {beat}; write it there, or say where it is planted"
    if beat == len(texts.prompts):
        return f"is in the prompt of beat {beat}, the last, which any later beat repeats; plant it in an earlier one"
    others = [number for number, prompt in enumerate(texts.prompts, start=1) if number != beat and text in prompt]
    if others:
        return f"occurs in the prompt of beat {others[0]} too, which gives it away; take it out of there"
    if any(text in content for content in texts.files):
        return "occurs in a seeded file too, from which the agent may have it; take it out of there"
    return None


def _in_tool_result(text: str, texts: ScenarioTexts) -> str | None:
    if not any(text in source for source in (*texts.files, *texts.arguments)):
        return "occurs in no seeded file and no tool call's arguments, so no tool gives it; write it into one"
    told = [number for number, prompt in enumerate(texts.prompts, start=1) if text in prompt]
    if told:
        return f"occurs in the prompt of beat {told[0]}, so a tool is not needed for it; take it out of there"
    if any(text in said for said in texts.spoken):
        return "occurs in what the model says, so a tool is not needed for it; take it out of there"
    return None
