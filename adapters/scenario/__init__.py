"""Scenarios: tasks as data, what the scripted model says in them, and what must be true afterwards."""

from adapters.scenario.dialect import Dialect, UnknownDialectError, dialect, load_dialects
from adapters.scenario.expectations import ExpectationResult, check_expectations
from adapters.scenario.loader import SHIPPED_FOLDER, ScenarioCatalogue, UnknownScenarioError, load_scenario
from adapters.scenario.model import Beat, Canary, Expectation, Scenario, Turn
from adapters.scenario.paths import OutsideRootError
from adapters.scenario.problems import ScenarioError
from adapters.scenario.seeding import seed_files

__all__ = [
    "SHIPPED_FOLDER",
    "Beat",
    "Canary",
    "Dialect",
    "Expectation",
    "ExpectationResult",
    "OutsideRootError",
    "Scenario",
    "ScenarioCatalogue",
    "ScenarioError",
    "Turn",
    "UnknownDialectError",
    "UnknownScenarioError",
    "check_expectations",
    "dialect",
    "load_dialects",
    "load_scenario",
    "seed_files",
]
