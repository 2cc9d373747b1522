"""What one beat is asked to do, and what it may use to do it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from adapters.catalogue import RuntimeDefinition
from adapters.model_endpoint import RealModel
from adapters.node_runtime import NodeRuntimeLayout
from adapters.process_tree import ProcessIdentity
from adapters.roots import RootKind
from adapters.scenario import Beat, Scenario
from console.engine.clock import Clock
from console.engine.control_plane import ControlPlane
from console.engine.events import EventFeed
from console.engine.paths import ConsolePaths
from store import Queries, Store
from store.records import IssueRecord, LaunchRecord, ModelMode

DEFAULT_TIME_LIMIT_S = 300.0
SCRIPTED_MODEL_NAME = "scripted-1"
FINGERPRINTED_FIELDS = frozenset({"adapter", "agent", "config", "config_json", "environment", "home_json"})
"""What of a runtime decides how its agent works; its title, summary and notes do not."""


@dataclass(frozen=True, slots=True)
class Services:
    """What all beats of a console share."""

    store: Store
    queries: Queries
    feed: EventFeed
    clock: Clock
    control_plane: ControlPlane
    paths: ConsolePaths
    node: NodeRuntimeLayout
    console: ProcessIdentity
    real_model: RealModel | None = None

    def model_name(self, mode: ModelMode) -> str:
        """The model that answers in this mode."""
        return self.real_model.model_name if mode != "scripted" and self.real_model else SCRIPTED_MODEL_NAME


@dataclass(frozen=True, slots=True)
class BeatOrder:
    """One beat in one lane. `beat_index` counts from 1; past the scenario's last beat its last script repeats."""

    launch: LaunchRecord
    lane_index: int
    runtime: RuntimeDefinition
    scenario: Scenario
    issue: IssueRecord
    beat_index: int
    force_fresh: bool = False
    root_kind: RootKind = "directory"
    time_limit_s: float = DEFAULT_TIME_LIMIT_S
    model_name: str = SCRIPTED_MODEL_NAME
    root_directory: Path | None = None
    """The execution root, where it is not the issue's own."""

    @property
    def scripted_beat(self) -> Beat:
        """The part of the scenario that this beat plays."""
        beats = self.scenario.beats
        return beats[min(self.beat_index, len(beats)) - 1]

    @property
    def fingerprint(self) -> str:
        """Of the configuration and the model: a stored session of another configuration is not resumed."""
        return configuration_fingerprint(self.runtime, self.launch.model_mode, self.model_name)

    @property
    def agent_id(self) -> str:
        """The agent to whom the issue is assigned."""
        return self.issue.assignee_agent_id or f"agent-{self.runtime.key}"


def configuration_fingerprint(runtime: RuntimeDefinition, model_mode: ModelMode, model_name: str) -> str:
    """Of what decides how a runtime's agent works, as 16 hexadecimal digits."""
    configuration = {
        **runtime.model_dump(mode="json", include=set(FINGERPRINTED_FIELDS)),
        "model_mode": model_mode,
        "model_name": model_name,
    }
    return hashlib.sha256(json.dumps(configuration, sort_keys=True).encode()).hexdigest()[:16]
