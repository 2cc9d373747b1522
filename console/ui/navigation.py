"""Which screen a key opens. Screens are imported when they are first opened, so that the first paint is early."""

from __future__ import annotations

from typing import Literal

from console.ui.engine_port import EnginePort
from console.ui.screens.base import ConsoleScreen

Destination = Literal["phases", "runs", "issues", "experiments", "metrics", "resume"]


def screen_for(destination: Destination, engine: EnginePort) -> ConsoleScreen:
    """The screen of the keys p, h, i, e, m and u."""
    if destination == "phases":
        from console.ui.screens.phases import PhasesScreen

        return PhasesScreen(engine)
    if destination == "runs":
        from console.ui.screens.runs import RunsScreen

        return RunsScreen(engine)
    if destination == "experiments":
        from console.ui.screens.experiments import ExperimentsScreen

        return ExperimentsScreen(engine)
    if destination == "metrics":
        from console.ui.screens.metrics import MetricsScreen

        return MetricsScreen(engine)
    if destination == "resume":
        from console.ui.screens.resume_bench import ResumeBenchScreen

        return ResumeBenchScreen(engine)
    from console.ui.screens.issues import IssuesScreen

    return IssuesScreen(engine)


def run_screen(run_id: str, engine: EnginePort) -> ConsoleScreen:
    """The screen of one run."""
    from console.ui.screens.run_detail import RunDetailScreen

    return RunDetailScreen(engine, run_id)


def issue_screen(issue_id: str, engine: EnginePort) -> ConsoleScreen:
    """The issues, on one of them."""
    from console.ui.screens.issues import IssuesScreen

    return IssuesScreen(engine, issue_id)


def runs_of_issue(issue_id: str, engine: EnginePort) -> ConsoleScreen:
    """The history of one issue's runs."""
    from console.ui.screens.runs import RunsScreen

    return RunsScreen(engine, issue_id=issue_id)


def experiment_screen(experiment_id: str, engine: EnginePort) -> ConsoleScreen:
    """The experiments, on one of them."""
    from console.ui.screens.experiments import ExperimentsScreen

    return ExperimentsScreen(engine, experiment_id)


def chain_screen(chain_id: str, engine: EnginePort) -> ConsoleScreen:
    """The resume bench, on one chain."""
    from console.ui.screens.resume_bench import ResumeBenchScreen

    return ResumeBenchScreen(engine, chain_id=chain_id)
