"""An answer on its way to whoever asked."""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from adapters.bridge.errors import AdapterThrewError

ModelT = TypeVar("ModelT", bound=BaseModel)


def resolve(waiting: asyncio.Future[Any], answer: BaseModel) -> None:
    """Give the answer, unless whoever asked was cancelled meanwhile."""
    if not waiting.done():
        waiting.set_result(answer)


def validated(model: type[ModelT], value: Any, *, during: str) -> ModelT:
    """What the adapter returned, as its contract has it. Raises AdapterThrewError that names the first misfit."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "all of it"
        raise AdapterThrewError(
            f"the adapter's answer is not an {model.__name__}: {field}: {first['msg']}", during=during, stack=None
        ) from error
