"""Where Sidebeat keeps what: XDG folders, or what the operator names."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP = "sidebeat"


@dataclass(frozen=True, slots=True)
class ConsolePaths:
    """All folders of one console. `data` holds what beats leave behind, beside the database."""

    database: Path
    data: Path
    config: Path
    cache: Path
    label: str | None = None
    """What to call the database where its path says nothing, as for a recording's."""

    @property
    def shown_database(self) -> str:
        """The database as the operator would name it."""
        if self.label is not None:
            return self.label
        home, path = str(Path.home()), str(self.database)
        return f"~{path.removeprefix(home)}" if path.startswith(f"{home}{os.sep}") else path

    @classmethod
    def default(cls, database: Path | None = None) -> ConsolePaths:
        """XDG folders; a database elsewhere keeps its roots and homes in a folder of its own name beside it."""
        config = Path(platformdirs.user_config_dir(APP))
        cache = Path(os.environ.get("SIDEBEAT_CACHE_DIR") or platformdirs.user_cache_dir(APP))
        data = Path(platformdirs.user_data_dir(APP))
        usual = data / "sidebeat.sqlite"
        chosen = usual if database is None else database.expanduser().absolute()
        if chosen != usual:
            data = chosen.with_name(f"{chosen.name}.files")
        return cls(chosen, data, config, cache)

    @property
    def runtimes(self) -> Path:
        """The operator's own runtime files."""
        return self.config / "runtimes"

    @property
    def scenarios(self) -> Path:
        """The operator's own scenario files."""
        return self.config / "scenarios"

    @property
    def plan_files(self) -> list[Path]:
        """The operator's own phases and criteria."""
        return sorted((self.config / "plan").glob("*.toml"))

    @property
    def temporary(self) -> Path:
        """Parent of each run's `TMPDIR`; swept at the next start."""
        return self.data / "tmp"

    def home(self, agent_id: str) -> Path:
        """The agent's own `HOME`, kept from beat to beat."""
        return self.data / "homes" / file_name(agent_id)

    def state(self, agent_id: str) -> Path:
        """Where an adapter may keep state of its own."""
        return self.data / "state" / file_name(agent_id)

    def root(self, issue_identifier: str) -> Path:
        """The execution root of an issue, kept from beat to beat."""
        return self.data / "roots" / file_name(issue_identifier)

    def repository(self, scenario: str) -> Path:
        """The repository of which the worktrees of a scenario are made."""
        return self.data / "repositories" / file_name(scenario)


def file_name(text: str) -> str:
    """An id as a file name: everything but letters, digits, dot, dash and underscore becomes a dash."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip(".") or "unnamed"
