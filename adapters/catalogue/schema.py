"""The JSON Schema of runtime files, for editors and for the check of what is shipped.

`python -m adapters.catalogue.schema` rewrites the committed copy.
"""

from __future__ import annotations

import json

from adapters.catalogue.load import SHIPPED, runtime_schema

SCHEMA_FILE = SHIPPED / "runtime.schema.json"


def runtime_schema_text() -> str:
    """The schema as committed."""
    return json.dumps(runtime_schema(), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(runtime_schema_text(), "utf-8")
