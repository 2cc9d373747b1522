"""Caveats: what a sceptical reader must know beside the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from console.engine.report.blocks import Bullets, Paragraph, Phrase, Section, Strong, phrase
from console.engine.report.facts import ReportFacts, RunFacts, agent_of, grouped
from console.engine.report.values import counted
from console.engine.report.wording import listed

_BUSY_SHARE: Final = 0.5
"""A load above this share of the processors is somebody else's work."""

_FEW_BEATS: Final = 5
_WATCHED: Final = (
    ("agent", "agent"),
    ("adapter_version", "adapter version"),
    ("node_packages", "set of Node packages"),
    ("runtime_fingerprint", "configuration"),
    ("sidebeat", "Sidebeat"),
    ("system", "system"),
)


def caveats_section(facts: ReportFacts) -> Section:
    """One item each; that there is none is said too."""
    items = (
        *_differing_agents(facts),
        *_pooled(facts),
        *_busy(facts),
        *_models(facts),
        *_few(facts),
        *_unfinished(facts),
        *_experiments(facts),
        *_definitions(facts),
    )
    if not items:
        return Section("Caveats", "caveats", (Paragraph(phrase("None that the rows show.")),))
    return Section("Caveats", "caveats", (Bullets(items),))


def _differing_agents(facts: ReportFacts) -> Iterator[Phrase]:
    """Runtimes that drive another version of the same agent: a difference may then be the agent's."""
    families: dict[str, dict[str, list[str]]] = {}
    for runtime, runs in grouped(facts.ended, lambda item: item.runtime).items():
        for agent in sorted({agent_of(item) for item in runs} - {""}):
            families.setdefault(agent.partition(" ")[0], {}).setdefault(agent, []).append(runtime)
    for family, versions in sorted(families.items()):
        if len(versions) > 1:
            told = "; ".join(f"{agent} in {listed(runtimes)}" for agent, runtimes in sorted(versions.items()))
            yield phrase(Strong(f"Versions of {family} differ"), f": {told}. What differs may be the agent's.")


def _pooled(facts: ReportFacts) -> Iterator[Phrase]:
    """Runs of one runtime that were not made under the same circumstances."""
    for runtime, runs in grouped(facts.ended, lambda item: item.runtime).items():
        for key, name in _WATCHED:
            values = list(dict.fromkeys(str(item.provenance[key]) for item in runs if item.provenance.get(key)))
            if len(values) > 1:
                yield phrase(f"Runs of {runtime} have more than one {name}: {listed(values)}.")


def _busy(facts: ReportFacts) -> Iterator[Phrase]:
    busy = [item for item in facts.ended if _is_busy(item)]
    if busy:
        known = sum("load_1m" in item.provenance for item in facts.ended)
        told = f"{len(busy)} of {counted(known, 'run')} ran while the machine was busy (load above half its processors)"
        yield phrase(f"{told}: their times are not to be trusted alone.")


def _is_busy(item: RunFacts) -> bool:
    load = item.provenance.get("load_1m_at_start", item.provenance.get("load_1m"))
    processors = item.provenance.get("cpu_count")
    if not isinstance(load, (int, float)) or not isinstance(processors, int) or not processors:
        return False
    return load > _BUSY_SHARE * processors


def _models(facts: ReportFacts) -> Iterator[Phrase]:
    real = [item for item in facts.ended if item.run.model_mode != "scripted"]
    if real:
        yield phrase(f"{counted(len(real), 'run')} used a real model: for them “identical bytes” does not hold.")
    races = {launch.id for launch in facts.launches if launch.kind == "race"}
    raced = [item for item in facts.ended if item.run.launch_id in races]
    if raced:
        yield phrase(f"{counted(len(raced), 'run')} ran in a race, all lanes at once: their times say nothing.")


def _few(facts: ReportFacts) -> Iterator[Phrase]:
    counts = {runtime: len(runs) for runtime, runs in grouped(facts.ended, lambda item: item.runtime).items()}
    few = [f"{runtime} ({n})" for runtime, n in counts.items() if n < _FEW_BEATS]
    if few:
        yield phrase(f"Fewer than {_FEW_BEATS} beats: {listed(few)}. What is said of them is an example, not a rate.")


def _unfinished(facts: ReportFacts) -> Iterator[Phrase]:
    running = len(facts.runs) - len(facts.ended)
    if running:
        yield phrase(f"{counted(running, 'run')} had not ended when this was written, and is left out.")
    for status, why in (("interrupted", "by a console that died"), ("cancelled", "by the operator")):
        found = sum(item.run.status == status for item in facts.ended)
        if found:
            yield phrase(f"{counted(found, 'run')} {status} {why}: counted in no rate.")


def _experiments(facts: ReportFacts) -> Iterator[Phrase]:
    for result in facts.experiments:
        number = result.experiment.number
        if result.experiment.state != "finished":
            pairs = counted(result.progress.finished_pairs, "pair")
            yield phrase(f"Experiment {number} is {result.experiment.state}: {pairs} finished.")
        if result.verdicts_hidden_because:
            yield phrase(f"Experiment {number}: {result.verdicts_hidden_because}")
        for caveat in result.caveats:
            yield phrase(f"Experiment {number}: {caveat}.")


def _definitions(facts: ReportFacts) -> Iterator[Phrase]:
    versions = sorted({str(item.provenance.get("sidebeat", "")) for item in facts.ended} - {""})
    others = [version for version in versions if version != facts.sidebeat_version]
    if others:
        yield phrase(
            f"Some runs were recorded by Sidebeat {listed(others)}; plan and metrics are read here as "
            f"{facts.sidebeat_version} defines them."
        )
    systems = {str(item.provenance.get("system", "")) for item in facts.ended} - {""}
    if len(systems) == 1:
        yield phrase(f"Everything ran on one machine ({next(iter(systems))}); nothing is known of others.")
