"""The JSON Schema of the bridge's protocol, against which the Node side validates.

`python -m adapters.bridge.schema` rewrites the committed copy.
"""

from __future__ import annotations

import json
from pathlib import Path

from adapters.bridge.messages import protocol_schema

SCHEMA_FILE = Path(__file__).parent.parent / "node" / "bridge" / "protocol.schema.json"


def protocol_schema_text() -> str:
    """The schema as committed."""
    return json.dumps(protocol_schema(), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(protocol_schema_text(), "utf-8")
