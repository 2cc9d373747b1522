"""The operator's own settings: one small TOML file."""

from __future__ import annotations

import getpass
import json
import re
import tempfile
import tomllib
from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FILE_NAME = "config.toml"


class SettingsError(Exception):
    """A settings file that cannot be used; the message is one sentence."""


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "operator"


class Settings(BaseModel):
    """What the operator may set. Command line options beat the file, the file beats these defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    experimental: bool = False
    """Whether experimental runtimes may start."""
    theme: str = "sidebeat-dark"
    operator: str = Field(default_factory=_user_name)
    """The name under comments and signatures."""


def load_settings(folder: Path) -> Settings:
    """Read `config.toml`; an absent file means defaults. Raises SettingsError."""
    path = folder / FILE_NAME
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not TOML: {error}; mend or remove the file") from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}; make it readable or remove it") from error
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise SettingsError(_sentence(path, error)) from error


def _sentence(path: Path, error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0])
    if first["type"] != "extra_forbidden":
        return f"{path}: `{name}`: {first['msg'].lower()}; got {first['input']!r}"
    near = get_close_matches(name, Settings.model_fields, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(Settings.model_fields)}"
    return f"{path}: `{name}` is not a setting; {hint}"


def save_setting(folder: Path, name: str, value: bool | str) -> None:
    """Change one line of the file, or add it; what else the operator wrote stays. Raises SettingsError."""
    path = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = path.read_text("utf-8") if path.exists() else ""
        with tempfile.NamedTemporaryFile(
            "w", dir=folder, prefix=f".{FILE_NAME}.", delete=False, encoding="utf-8"
        ) as new:
            new.write(_with_line(before, name, f"{name} = {_toml(value)}"))
        Path(new.name).replace(path)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written: {error.strerror}; make it writable") from error


def _with_line(text: str, name: str, line: str) -> str:
    lines = text.split("\n")
    for number, known in enumerate(lines):
        if re.match(rf"\s*{re.escape(name)}\s*=", known):
            lines[number] = line
            return "\n".join(lines)
    return f"{text}\n{line}\n" if text and not text.endswith("\n") else f"{text}{line}\n"


def _toml(value: bool | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # A JSON string is a TOML string, but for the one control character that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
