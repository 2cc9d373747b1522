"""What a runtime file says."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from adapters.scenario.paths import RelativePath

KEY_PATTERN = r"^[a-z0-9_]+([/@.+-][A-Za-z0-9_.+-]+)*$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AdapterSource(_Strict):
    """Where the Paperclip adapter comes from: an npm package of the Node project, or a folder."""

    type: str
    """Paperclip's adapter type, such as `pi_local`; sessions are kept apart by it."""
    package: str
    """`npm:NAME@VERSION`, an absolute package folder, a package of the Node project, or `./name`, a shipped folder."""


class AgentCommand(_Strict):
    """The coding agent inside the runtime."""

    family: str
    """`pi`, `opencode`, ...: names the tool dialect of the scripted model."""
    version: str
    dialect: str | None = None
    """The tool dialect, where it differs from the family's."""
    command: str | None = None
    """The command line program below the Node project's `node_modules`; absent when the adapter brings its own."""


class RuntimeDefinition(_Strict):
    """One selectable runtime: an adapter with its configuration.

    Text in `config`, `config_json` and `environment` may hold placeholders: `${root}` (execution root), `${home}`
    (the agent's own home), `${state}` (a folder for the adapter's own state), `${command}` (the agent's program),
    `${model_base_url}`, `${model_name}`, `${model_ref}` (provider/model), `${prompt}` (Paperclip's template that
    yields the beat's prompt).
    """

    schema_version: Literal[1] = Field(alias="schema")
    key: Annotated[str, Field(pattern=KEY_PATTERN)]
    title: str
    summary: str = ""
    experimental: bool = False
    where: Literal["host", "vm"] = "host"
    adapter: AdapterSource
    agent: AgentCommand
    transcript: Literal["pi", "opencode", "generic"] = "generic"
    """How the adapter logs."""
    config: dict[str, Any] = {}
    """The adapter's configuration, as Paperclip would store it."""
    config_json: dict[str, Any] = {}
    """Entries of `config.env` whose value is this table, written as JSON text."""
    home_json: dict[RelativePath, dict[str, Any]] = {}
    """JSON files below the agent's own home, written before the bridge starts: what an adapter reads only there."""
    environment: dict[str, str] = {}
    """Variables of the bridge process itself, beyond the allow-list."""
    notes: list[str] = []
