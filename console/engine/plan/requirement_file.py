"""What a plan file may ask before a criterion is met."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from console.engine.plan.measures import MEASURES
from console.engine.plan.requirements import Confidence

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _known_measure(name: str) -> str:
    if name in MEASURES:
        return name
    near = get_close_matches(name, MEASURES, n=1, cutoff=0.4)
    remedy = f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(sorted(MEASURES))}"
    raise ValueError(f"there is no measure `{name}`; {remedy}")


MeasureName = Annotated[
    str, AfterValidator(_known_measure), WithJsonSchema({"type": "string", "enum": sorted(MEASURES)})
]


class StrictTable(BaseModel):
    """A table of which every key is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RequirementTable(StrictTable):
    """What all requirements have."""

    id: Annotated[str, Field(pattern=ID_PATTERN)] | None = None
    """Its name within the criterion, in place of its number; one with the id of a known one takes its place."""


class MeasuredTable(RequirementTable):
    """A number from the stored rows, held against a threshold."""

    kind: Literal["measured"]
    measure: MeasureName
    arguments: dict[str, Any] = {}
    """As the measure takes them; docs/criteria.md lists them."""
    at_least: float | None = None
    at_most: float | None = None
    min_n: Annotated[int, Field(ge=1)] = 1
    """With fewer it is not settled, whatever the value."""
    confidence: Confidence = "none"
    """What is held against the threshold: the value, Wilson's interval of a rate, or the measure's own interval."""

    @model_validator(mode="after")
    def _fits_its_measure(self) -> MeasuredTable:
        shape = MEASURES[self.measure].shape
        given = [name for name in ("at_least", "at_most") if getattr(self, name) is not None]
        if shape == "fact" and (given or self.confidence != "none"):
            raise ValueError(f"`{self.measure}` is yes or no; remove {', '.join(given) or 'confidence'}")
        if shape != "fact" and len(given) != 1:
            raise ValueError(f"`{self.measure}` is a number; give it either `at_least` or `at_most`")
        if self.confidence == "wilson" and shape != "rate":
            raise ValueError(f"Wilson's interval is of a rate, and `{self.measure}` is none; remove `confidence`")
        if self.confidence == "interval" and shape != "number":
            raise ValueError(f"`{self.measure}` has no interval of its own; use wilson, or remove `confidence`")
        if shape == "rate" and not all(0 <= float(getattr(self, name)) <= 1 for name in given):
            raise ValueError(f"a rate is between 0 and 1; correct `{given[0]}`")
        return self


class DocumentedTable(RequirementTable):
    """A text that must exist: the answer to a criterion, or a document beside the plan file."""

    kind: Literal["documented"]
    subject: str | None = None
    """Id of the criterion whose answer counts; the criterion itself without one."""
    document: Annotated[str, Field(min_length=1)] | None = None
    """Path of a text file, from the folder of the plan file."""
    min_characters: Annotated[int, Field(ge=1)] = 1
    parts: list[Annotated[str, Field(min_length=1)]] = []
    """Words that the text must have."""

    @model_validator(mode="after")
    def _is_one_text(self) -> DocumentedTable:
        if self.subject is not None and self.document is not None:
            raise ValueError("an answer and a document are two requirements; give either `subject` or `document`")
        return self


class SignedTable(RequirementTable):
    """A person's decision, with name and reason."""

    kind: Literal["signed"]
    subject: str | None = None
    """Id of the criterion whose signature counts; the criterion itself without one."""
    decisions: Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)] | None = None
    """Any of these will do; those of the criterion without them."""


AnyRequirementTable = Annotated[MeasuredTable | DocumentedTable | SignedTable, Field(discriminator="kind")]


class AddedMeasuredTable(MeasuredTable):
    """A measured requirement for a criterion of another file."""

    criterion: str


class AddedDocumentedTable(DocumentedTable):
    """A documented requirement for a criterion of another file."""

    criterion: str


class AddedSignedTable(SignedTable):
    """A signed requirement for a criterion of another file."""

    criterion: str


AnyAddedTable = Annotated[AddedMeasuredTable | AddedDocumentedTable | AddedSignedTable, Field(discriminator="kind")]
