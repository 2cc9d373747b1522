"""The operator's settings: what is written is read back, and a bad file says how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.engine.settings import FILE_NAME, Settings, SettingsError, load_settings, save_setting

names = st.text(st.characters(exclude_categories=["Cs"]))


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / FILE_NAME
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_an_absent_file_means_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "none")
    assert (settings.experimental, settings.theme) == (False, "sidebeat-dark")
    assert settings.operator


@given(st.booleans(), names, names)
def test_what_is_saved_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, experimental: bool, theme: str, operator: str
) -> None:
    folder = tmp_path_factory.mktemp("config") / "new"
    settings = Settings(experimental=experimental, theme=theme, operator=operator)
    for name, value in settings.model_dump().items():
        save_setting(folder, name, value)
    assert load_settings(folder) == settings
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


def test_saving_one_setting_leaves_the_rest_of_the_file_as_it_was_written(tmp_path: Path) -> None:
    path = written(tmp_path, "# mine\noperator = 'Ada'  # me\ntheme = \"textual-ansi\"")
    save_setting(tmp_path, "theme", "nord")
    save_setting(tmp_path, "experimental", True)
    assert path.read_text() == "# mine\noperator = 'Ada'  # me\ntheme = \"nord\"\nexperimental = true\n"


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"config\.toml: cannot be written: "):
        save_setting(tmp_path / "file", "theme", "nord")


def test_a_file_may_set_one_thing_only(tmp_path: Path) -> None:
    written(tmp_path, "experimental = true\n")
    assert load_settings(tmp_path).experimental


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("experimental = yes", "not TOML: Invalid value (at line 1, column 16); mend or remove the file"),
        (b"\xff", "not TOML: "),
        ("experimental = 1", "`experimental`: input should be a valid boolean; got 1"),
        ("operator = 7", "`operator`: input should be a valid string; got 7"),
        ("experimentl = true", "`experimentl` is not a setting; did you mean `experimental`?"),
        ("x = 1", "`x` is not a setting; known are: experimental, theme, operator"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_and_why(tmp_path: Path, text: str | bytes, complaint: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    assert str(caught.value).startswith(f"{path}: {complaint}")


def test_a_folder_in_the_files_place_says_so(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(SettingsError, match=r"config\.toml: cannot be read: Is a directory; make it readable"):
        load_settings(tmp_path)
