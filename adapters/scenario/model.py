"""A scenario: a task as data, with what the scripted model says and what must be true afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from adapters.scenario.canaries import PlantedIn, ScenarioTexts, canary_complaint
from adapters.scenario.paths import RelativePath

SCHEMA_VERSION = 1
NAME_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"

Text = Annotated[str, Field(min_length=1)]


class ScenarioPart(BaseModel):
    """Every part of a scenario is frozen, and refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SeededFile(ScenarioPart):
    """A file that is there before the first beat; UTF-8, newlines as written."""

    path: RelativePath
    content: str


class ShellArguments(ScenarioPart):
    """A command line for the agent's shell, run in the execution root."""

    command: Text


class ReadArguments(ScenarioPart):
    """A file to read."""

    path: RelativePath


class WriteArguments(ScenarioPart):
    """A file to write as a whole."""

    path: RelativePath
    content: str


class EditArguments(ScenarioPart):
    """A text to replace in a file; it must occur exactly once."""

    path: RelativePath
    old_text: Text
    new_text: str


class ShellCall(ScenarioPart):
    """Run a command."""

    tool: Literal["shell"]
    arguments: ShellArguments


class ReadCall(ScenarioPart):
    """Read a file."""

    tool: Literal["read"]
    arguments: ReadArguments


class WriteCall(ScenarioPart):
    """Write a file."""

    tool: Literal["write"]
    arguments: WriteArguments


class EditCall(ScenarioPart):
    """Replace text in a file."""

    tool: Literal["edit"]
    arguments: EditArguments


ToolCall = Annotated[ShellCall | ReadCall | WriteCall | EditCall, Field(discriminator="tool")]


class Pace(ScenarioPart):
    """How fast the scripted model streams; 0 means at once. Both lanes get the same pace."""

    first_token_ms: Annotated[float, Field(ge=0, le=60_000)] = 0
    tokens_per_second: Annotated[float, Field(ge=0, le=100_000)] = 0
    """At 4 characters a token."""


class GeneratedText(ScenarioPart):
    """Long text without long files: `line`, `times` times, with `{n}` counting from 1."""

    line: Text
    times: Annotated[int, Field(ge=1, le=100_000)]

    def expand(self) -> str:
        """The whole text."""
        return "".join(self.line.replace("{n}", str(number)) for number in range(1, self.times + 1))


class Reply(ScenarioPart):
    """What the model says in one response. Without tool calls it ends the beat."""

    text: str | None = None
    generated_text: GeneratedText | None = None
    thinking: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    pace: Pace = Pace()

    @property
    def spoken_text(self) -> str:
        """The text of the reply, written out or generated."""
        return self.generated_text.expand() if self.generated_text else self.text or ""

    @property
    def ends_beat(self) -> bool:
        """Whether the agent has nothing left to do after this reply."""
        return not self.tool_calls

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is not None and self.generated_text is not None:
            raise ValueError("has both `text` and `generated_text`; keep one")
        if not self.spoken_text and not self.tool_calls:
            raise ValueError("says nothing; give it `text`, `generated_text` or `tool_calls`")
        return self


class Turn(Reply):
    """One turn of the model. With `if_seen`, it is said only if the request holds all these texts."""

    if_seen: tuple[Text, ...] = ()
    otherwise: Reply | None = None
    """What is said when one of them is not in the request."""

    @model_validator(mode="after")
    def _has_both_branches(self) -> Self:
        if self.if_seen and self.otherwise is None:
            raise ValueError("has `if_seen` but no `otherwise`; say what the model answers when it has not seen it")
        if self.otherwise is not None and not self.if_seen:
            raise ValueError("has `otherwise` but no `if_seen`; name the texts that it depends on")
        return self


class Expectation(ScenarioPart):
    """What must be true of one file below the execution root after the beat."""

    path: RelativePath
    exists: bool = True
    equals: str | None = None
    contains: tuple[Text, ...] = ()
    sha256: Annotated[str, Field(pattern=SHA256_PATTERN)] | None = None

    @model_validator(mode="after")
    def _absent_has_no_content(self) -> Self:
        if not self.exists and (self.equals is not None or self.contains or self.sha256 is not None):
            raise ValueError("expects the file to be absent and to have content; remove one of the two")
        return self


class Beat(ScenarioPart):
    """One heartbeat: what the issue asks, the model's turns, and what must be true afterwards."""

    prompt: Text
    turns: Annotated[tuple[Turn, ...], Field(min_length=1)]
    expect: tuple[Expectation, ...] = ()

    @model_validator(mode="after")
    def _ends_with_its_last_turn(self) -> Self:
        for number, turn in enumerate(self.turns[:-1]):
            if turn.ends_beat:
                raise ValueError(
                    f"turns[{number}] calls no tool, so the agent stops before the turns after it; "
                    "give it a tool call or move it to the end"
                )
        last = self.turns[-1]
        if not last.ends_beat or (last.otherwise is not None and not last.otherwise.ends_beat):
            raise ValueError("its last turn calls a tool, so the agent asks once more; add a turn of text only")
        return self

    @model_validator(mode="after")
    def _prompt_gives_nothing_away(self) -> Self:
        for number, turn in enumerate(self.turns):
            for canary in turn.if_seen:
                if canary in self.prompt:
                    raise ValueError(
                        f"turns[{number}].if_seen holds {canary!r}, which the beat's own prompt holds too, "
                        "so nothing need be remembered; take it out of one of the two"
                    )
        return self


class Canary(ScenarioPart):
    """A text that stands at one place only: a later beat whose request holds it has it from its session."""

    text: Annotated[str, Field(min_length=6)]
    beat: Annotated[int, Field(ge=1)]
    """In which beat it reaches the model first; from 1."""
    planted_in: PlantedIn
    """In the beat's prompt, or in what one of its tools returns."""


class Scenario(ScenarioPart):
    """A task in one or more beats on the same session."""

    schema_version: Literal[1]
    name: Annotated[str, Field(pattern=NAME_PATTERN)]
    title: Text
    description: Text
    files: tuple[SeededFile, ...] = ()
    beats: Annotated[tuple[Beat, ...], Field(min_length=1)]
    canaries: tuple[Canary, ...] = ()
    """By which a resume is judged; they change nothing of what the model says."""

    @model_validator(mode="after")
    def _seeds_each_file_once(self) -> Self:
        paths = [file.path for file in self.files]
        for number, path in enumerate(paths):
            if path in paths[:number]:
                raise ValueError(f"files[{number}].path is {path!r}, which is seeded already; remove one of the two")
        return self

    @model_validator(mode="after")
    def _canaries_prove_something(self) -> Self:
        texts = self._texts()
        for number, canary in enumerate(self.canaries):
            name = f"canaries[{number}].text is {canary.text!r}, which"
            if any(canary.text in other.text or other.text in canary.text for other in self.canaries[:number]):
                raise ValueError(f"{name} an earlier canary holds or is part of; choose another")
            complaint = canary_complaint(canary.text, canary.beat, canary.planted_in, texts)
            if complaint is not None:
                raise ValueError(f"{name} {complaint}")
        return self

    def _texts(self) -> ScenarioTexts:
        replies = list(self._replies())
        return ScenarioTexts(
            prompts=[beat.prompt for beat in self.beats],
            spoken=[text for reply in replies for text in (reply.spoken_text, reply.thinking or "")],
            files=[file.content for file in self.files],
            arguments=[
                text for reply in replies for call in reply.tool_calls for text in call.arguments.model_dump().values()
            ],
        )

    def _replies(self) -> Iterator[Reply]:
        for beat in self.beats:
            for turn in beat.turns:
                yield turn
                if turn.otherwise is not None:
                    yield turn.otherwise

    @property
    def script_sha256(self) -> str:
        """A hash of all that decides the model's bytes and the agent's start: seeded files, prompts, turns."""
        script = self.model_dump(
            mode="json",
            exclude={
                "name": True,
                "title": True,
                "description": True,
                "canaries": True,
                "beats": {"__all__": {"expect"}},
            },
        )
        canonical = json.dumps(script, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
