"""Scenario files, read and validated; a bad one is reported and the others stay usable."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from adapters.scenario.model import Scenario
from adapters.scenario.problems import ScenarioError, sentences

SHIPPED_FOLDER = Path(__file__).parent.parent / "scenarios"


class UnknownScenarioError(Exception):
    """No scenario of this name; the message names the nearest."""


def load_scenario(path: Path) -> Scenario:
    """Read one TOML file. Raises ScenarioError with a sentence for each problem."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(path, [f"{path}: is not TOML: {error}; mend the place it names"]) from error
    except UnicodeDecodeError as error:
        problem = f"{path}: is not UTF-8 at byte {error.start}; save it as UTF-8"
        raise ScenarioError(path, [problem]) from error
    except OSError as error:
        problem = f"{path}: cannot be read: {error.strerror}; check that it exists and is yours to read"
        raise ScenarioError(path, [problem]) from error
    try:
        # By way of JSON, so that types are strict (no text for a number) and arrays still become tuples.
        return Scenario.model_validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        raise ScenarioError(path, sentences(path, error)) from error


@dataclass(frozen=True, slots=True)
class ScenarioCatalogue:
    """All usable scenarios by name, and what is wrong with the others."""

    scenarios: Mapping[str, Scenario]
    errors: tuple[ScenarioError, ...] = ()

    @classmethod
    def load(cls, folders: Sequence[Path] = (SHIPPED_FOLDER,)) -> ScenarioCatalogue:
        """Read every `*.toml` of these folders, in order; a name taken already is an error of the later file."""
        scenarios: dict[str, Scenario] = {}
        sources: dict[str, Path] = {}
        errors: list[ScenarioError] = []
        for path in _files(folders):
            try:
                scenario = load_scenario(path)
            except ScenarioError as error:
                errors.append(error)
                continue
            if scenario.name in scenarios:
                taken = f"{path}: `name` is {scenario.name!r}, which {sources[scenario.name]} has; choose another"
                errors.append(ScenarioError(path, [taken]))
                continue
            scenarios[scenario.name], sources[scenario.name] = scenario, path
        return cls(scenarios, tuple(errors))

    def scenario(self, name: str) -> Scenario:
        """One scenario. Raises UnknownScenarioError that names the nearest."""
        if name in self.scenarios:
            return self.scenarios[name]
        near = get_close_matches(name, self.scenarios, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(self.scenarios)}"
        raise UnknownScenarioError(f"there is no scenario `{name}`; {hint}")


def _files(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(folder.glob("*.toml"))
