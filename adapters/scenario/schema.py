"""The JSON Schema of scenario files, for editors and for the check of what is shipped.

`python -m adapters.scenario.schema` rewrites the committed copy.
"""

from __future__ import annotations

import json
from typing import Any

from adapters.scenario.loader import SHIPPED_FOLDER
from adapters.scenario.model import Scenario

SCHEMA_FILE = SHIPPED_FOLDER / "scenario.schema.json"


def scenario_schema() -> dict[str, Any]:
    """The schema, generated from the pydantic models."""
    generated = Scenario.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **generated}


def scenario_schema_text() -> str:
    """The schema as committed."""
    return json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(scenario_schema_text(), "utf-8")
