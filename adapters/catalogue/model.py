"""What a runtime file says."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from adapters.scenario.paths import RelativePath

KEY_PATTERN = r"^[a-z0-9_]+([/@.+-][A-Za-z0-9_.+-]+)*$"
STORE_PATTERN = r"^\$\{(home|state)\}(/(\*|\.?[^/.$][^/$]*|\$\{task_key\}))+$"
"""Below the agent's own folders, and never up again."""

StorePath = Annotated[str, Field(pattern=STORE_PATTERN)]


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


class SessionStore(_Strict):
    """Where the agent keeps its sessions itself, beside what the adapter hands back.

    `paths` are patterns (`*`, `**`) that begin with `${home}` or `${state}` and may hold `${task_key}`, the issue's id.
    """

    paths: Annotated[list[StorePath], Field(min_length=1)]
    own_file_param: str | None = None
    """The session param that names a session's own file among them; without it, all of them belong together."""
    timestamp_fields: list[Annotated[str, Field(pattern=r"^\w+(\.\w+)*$")]] = []
    """Members of each line of a `.jsonl` file that are times: ISO text, or seconds or milliseconds since 1970."""
    timestamp_columns: list[Annotated[str, Field(pattern=r"^\w+\.\w+$")]] = []
    """`table.column` of an SQLite file that are milliseconds since 1970."""


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
    session_store: SessionStore | None = None
    """Where the agent keeps its own sessions; None where that is not known."""
    notes: list[str] = []
