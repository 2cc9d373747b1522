"""What runtimes publish of themselves, as data, to stand beside what was measured."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

SHIPPED: Final = Path(__file__).with_name("agentos.toml")

_BYTES_OF: Final = {"MiB": 2**20, "MB": 10**6, "GiB": 2**30, "bytes": 1}


class ClaimsError(Exception):
    """A file of claims that cannot be used; the message is one sentence with the file, the field and the remedy."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Claim(_Strict):
    """One published number. `text` quotes it, `method` says how its publisher says that it was got."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    text: Annotated[str, Field(min_length=1)]
    value: Annotated[float, Field(gt=0)]
    unit: Literal["ms", "s", "MiB", "MB", "GiB", "bytes"]
    statistic: Literal["median", "mean"]
    measured_as: str
    """The name of the measurement that is taken in the same way."""
    source: str
    page: Annotated[str, Field(pattern=r"^[a-z0-9.-]+/\S+$")]
    """Where it is published: a host and a path, without the scheme."""
    method: str

    @property
    def url(self) -> str:
        """The page as a link."""
        return f"https://{self.page}"

    def value_in(self, unit: str) -> float | None:
        """The number in a metric's unit; None where the two do not fit."""
        if unit == self.unit:
            return self.value
        return self.value * _BYTES_OF[self.unit] if unit == "bytes" and self.unit in _BYTES_OF else None


class Claims(_Strict):
    """All claims about one subject."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    subject: str
    claim: tuple[Claim, ...]

    def about(self, name: str) -> tuple[Claim, ...]:
        """The claims that a measurement is held against."""
        return tuple(claim for claim in self.claim if claim.measured_as == name)


def load_claims(path: Path = SHIPPED) -> Claims:
    """Read and validate one file. Raises ClaimsError."""
    try:
        return Claims.model_validate(tomllib.loads(path.read_text("utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise ClaimsError(f"{path}: not TOML: {error}; mend the line that it names") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ClaimsError(f"{path}: cannot be read: {error}; restore it or reinstall Sidebeat") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise ClaimsError(f"{path}: `{place}`: {first['msg']}; correct or remove it") from error
