"""Runtimes are data: what is shipped is valid, an operator adds more by a file, and a bad file says how to mend it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from adapters.bridge.schema import SCHEMA_FILE as PROTOCOL_SCHEMA_FILE
from adapters.bridge.schema import protocol_schema_text
from adapters.catalogue import (
    CatalogueError,
    RuntimeCatalogue,
    RuntimeDefinition,
    UnknownPlaceholderError,
    load_runtime,
    resolve_settings,
)
from adapters.catalogue.load import SHIPPED
from adapters.catalogue.schema import SCHEMA_FILE, runtime_schema_text
from adapters.scenario import dialect
from adapters.transcript import TRANSCRIPT_FORMATS

SHIPPED_FILES = sorted(SHIPPED.glob("*.toml"))
LEAST = """
schema = 1
key = "mine"
title = "My own"

[adapter]
type = "mine_local"
package = "/opt/mine"

[agent]
family = "pi"
version = "1"
"""


def written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(CatalogueError) as caught:
        load_runtime(path)
    return str(caught.value)


def test_the_committed_schemas_are_current() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == runtime_schema_text()
    assert PROTOCOL_SCHEMA_FILE.read_text("utf-8") == protocol_schema_text()


@pytest.mark.parametrize("path", SHIPPED_FILES, ids=lambda path: path.stem)
def test_a_shipped_runtime_fits_the_schema_and_what_it_names_exists(path: Path) -> None:
    jsonschema.validate(tomllib.loads(path.read_text("utf-8")), json.loads(SCHEMA_FILE.read_text("utf-8")))
    runtime = load_runtime(path)
    assert dialect(runtime.agent.dialect or runtime.agent.family)
    assert runtime.transcript in TRANSCRIPT_FORMATS
    assert runtime.experimental == runtime.adapter.type.startswith("agentos")


def test_the_shipped_runtimes() -> None:
    catalogue = RuntimeCatalogue.load()
    assert catalogue.refusals == []
    assert set(catalogue.runtimes) == {
        "agentos_local/opencode",
        "agentos_local/opencode+clear_config_options",
        "agentos_local/opencode+clear_config_options+persist_data",
        "agentos_local/pi",
        "opencode_local",
        "pi_local",
        "pi_local@0.87.1",
    }


def test_an_operators_file_adds_a_runtime(tmp_path: Path) -> None:
    written(tmp_path, LEAST)
    catalogue = RuntimeCatalogue.load([SHIPPED, tmp_path])
    runtime = catalogue.runtime("mine")
    assert (runtime.adapter.package, runtime.experimental, runtime.transcript) == ("/opt/mine", False, "generic")
    assert len(catalogue.runtimes) == len(SHIPPED_FILES) + 1


def test_a_later_folders_runtime_replaces_an_earlier_one_of_its_key(tmp_path: Path) -> None:
    written(tmp_path, LEAST.replace('"mine"', '"pi_local"'))
    assert RuntimeCatalogue.load([SHIPPED, tmp_path]).runtime("pi_local").title == "My own"


def test_a_bad_file_is_refused_and_hides_no_good_one(tmp_path: Path) -> None:
    written(tmp_path, "schema = ", "bad.toml")
    written(tmp_path, LEAST)
    catalogue = RuntimeCatalogue.load([tmp_path])
    assert list(catalogue.runtimes) == ["mine"]
    assert [text.split(":")[0] for text in catalogue.refusals] == [str(tmp_path / "bad.toml")]


def test_a_folder_that_does_not_exist_holds_no_runtimes(tmp_path: Path) -> None:
    assert RuntimeCatalogue.load([tmp_path / "none"]) == RuntimeCatalogue({})


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("schema = 1", "schema = ", "not TOML: Invalid value (at line 2, column 10); mend the line that it names"),
        ("schema = 1", "schema = 2", "`schema`: Input should be 1; got 2"),
        ('title = "My own"\n', "", "`title` is missing; add it (see docs/runtimes.md)"),
        ("title", "tittle", "`title` is missing; add it (see docs/runtimes.md)"),
        ("[adapter]", 'sumary = "x"\n[adapter]', "`sumary` is not a key of a runtime; did you mean `summary`?"),
        ("[adapter]", "qqqq = 1\n[adapter]", "`qqqq` is not a key of a runtime; remove it"),
        ("[agent]", '[agent]\ncomand = "x"', "`agent.comand` is not a key of a runtime; did you mean `command`?"),
        ("[adapter]", 'transcript = "pie"\n[adapter]', "`transcript`: Input should be 'pi', 'opencode' or 'generic'"),
        ('"mine"', '"My Own"', "`key`: String should match pattern"),
        ('family = "pi"', "family = 3", "`agent.family`: Input should be a valid string; got 3"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_file_the_field_and_the_remedy(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    path = written(tmp_path, LEAST.replace(old, new, 1))
    assert refusal(path).startswith(f"{path}: {complaint}")


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "latin.toml").write_bytes(b"\xe9")
    assert "folder.toml: cannot be read: " in refusal(tmp_path / "folder.toml")
    assert "latin.toml: cannot be read: " in refusal(tmp_path / "latin.toml")


def test_an_unknown_key_names_the_nearest() -> None:
    catalogue = RuntimeCatalogue.load()
    with pytest.raises(CatalogueError, match=r"there is no runtime `pi_locl`; did you mean `pi_local`\?"):
        catalogue.runtime("pi_locl")
    with pytest.raises(CatalogueError, match="there is no runtime `x`; known are: agentos_local/opencode, "):
        catalogue.runtime("x")


def runtime_with(**fields: Any) -> RuntimeDefinition:
    return RuntimeDefinition.model_validate({**tomllib.loads(LEAST), **fields})


def test_placeholders_are_filled_wherever_text_is() -> None:
    runtime = runtime_with(
        config={"cwd": "${root}", "args": ["--at", "${root}/x", 3], "limits": {"${name}": True}},
        environment={"ROOT": "${root}"},
    )
    settings = resolve_settings(runtime, {"root": "/work", "name": "m1"})
    assert settings.config == {"cwd": "/work", "args": ["--at", "/work/x", 3], "limits": {"m1": True}}
    assert settings.environment == {"ROOT": "/work"}


def test_the_prompt_stays_paperclips_template_and_a_doubled_dollar_is_one() -> None:
    settings = resolve_settings(runtime_with(config={"a": "${prompt}", "b": "costs $$5"}), {})
    assert settings.config == {"a": "{{context.issuePrompt}}", "b": "costs $5"}


def test_config_json_becomes_variables_beside_those_of_the_configuration() -> None:
    runtime = runtime_with(config={"env": {"A": "1"}}, config_json={"B": {"url": "${root}"}})
    assert resolve_settings(runtime, {"root": "/work"}).config == {"env": {"A": "1", "B": '{"url": "/work"}'}}


@pytest.mark.parametrize("text", ["${rooot}", "costs $5"])
def test_an_unknown_placeholder_names_those_that_exist(text: str) -> None:
    with pytest.raises(UnknownPlaceholderError) as caught:
        resolve_settings(runtime_with(config={"a": text}), {"root": "/work"})
    assert str(caught.value).startswith(f"runtime `mine`: {text!r} has an unknown placeholder (")
    assert str(caught.value).endswith("known are ${prompt}, ${root}")
