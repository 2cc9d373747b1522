"""Catalogues: what is shipped is valid, and a bad file does not hide the good ones."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from adapters.scenario import SHIPPED_FOLDER, ScenarioCatalogue, UnknownScenarioError, load_scenario
from adapters.scenario.schema import SCHEMA_FILE, scenario_schema_text

SHIPPED_FILES = sorted(SHIPPED_FOLDER.glob("*.toml"))


def copy_as(source: Path, target: Path, *, name: str) -> None:
    text = source.read_text("utf-8")
    target.write_text(text.replace(f'name = "{source.stem}"', f'name = "{name}"'), "utf-8")


def test_the_six_scenarios_are_shipped() -> None:
    catalogue = ScenarioCatalogue.load()
    assert catalogue.errors == ()
    assert list(catalogue.scenarios) == [
        "edit-file",
        "hello-tool",
        "long-stream",
        "multi-tool",
        "remember",
        "unicode",
    ]


def test_the_committed_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == scenario_schema_text()


@pytest.mark.parametrize("path", SHIPPED_FILES, ids=lambda path: path.stem)
def test_a_shipped_scenario_fits_the_schema_and_its_file_name(path: Path) -> None:
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    jsonschema.validate(tomllib.loads(path.read_text("utf-8")), schema)
    assert load_scenario(path).name == path.stem


@pytest.mark.parametrize("bad", ["/etc/passwd", "../up", "a/../b", "~/home", "a//b", "folder/", "C:x", "a\\b", "."])
def test_the_schema_refuses_the_paths_that_the_loader_refuses(bad: str) -> None:
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    scenario = tomllib.loads((SHIPPED_FOLDER / "edit-file.toml").read_text("utf-8"))
    scenario["files"][0]["path"] = bad
    with pytest.raises(jsonschema.ValidationError, match="does not match"):
        jsonschema.validate(scenario, schema)


def test_bad_files_are_all_reported_and_good_ones_stay_usable(tmp_path: Path) -> None:
    copy_as(SHIPPED_FOLDER / "hello-tool.toml", tmp_path / "mine.toml", name="mine")
    (tmp_path / "bad.toml").write_text("name = ", "utf-8")
    (tmp_path / "worse.toml").write_text("schema_version = 1", "utf-8")
    catalogue = ScenarioCatalogue.load([tmp_path])
    assert list(catalogue.scenarios) == ["mine"]
    assert [error.path.name for error in catalogue.errors] == ["bad.toml", "worse.toml"]


def test_a_name_that_is_taken_is_an_error_of_the_later_file(tmp_path: Path) -> None:
    copy_as(SHIPPED_FOLDER / "hello-tool.toml", tmp_path / "mine.toml", name="hello-tool")
    catalogue = ScenarioCatalogue.load([SHIPPED_FOLDER, tmp_path])
    (error,) = catalogue.errors
    assert str(error) == (
        f"{tmp_path / 'mine.toml'}: `name` is 'hello-tool', which {SHIPPED_FOLDER / 'hello-tool.toml'} has; "
        "choose another"
    )


def test_a_folder_that_does_not_exist_holds_no_scenarios(tmp_path: Path) -> None:
    assert ScenarioCatalogue.load([tmp_path / "none"]) == ScenarioCatalogue({}, ())


def test_an_unknown_name_names_the_nearest() -> None:
    catalogue = ScenarioCatalogue.load()
    with pytest.raises(UnknownScenarioError, match=r"there is no scenario `remembr`; did you mean `remember`\?"):
        catalogue.scenario("remembr")
    with pytest.raises(UnknownScenarioError, match="there is no scenario `x`; known are: edit-file, hello-tool"):
        catalogue.scenario("x")
