"""Which runs a measure is about, and how the runs of several runtimes are told together."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from console.engine.plan.measures.facts import Facts
from console.engine.plan.measures.measure import Behind, Finding, MeasureArguments
from console.engine.statistics.rates import wilson_interval
from store.queries import RunFact
from store.records import RuntimeRecord

RuntimeScope = Literal["experimental", "target", "all"] | tuple[str, ...]
"""The experimental runtimes with the first target's agent, the first target itself, every runtime, or those named."""


class RunArguments(MeasureArguments):
    """Which runs count; without a chosen first target, `experimental` and `target` mean every such runtime."""

    runtimes: RuntimeScope = "experimental"
    scenarios: tuple[str, ...] = ()
    """Empty for all of them."""
    of: Literal["pooled", "best", "worst"] = "pooled"
    """All runtimes counted together, or the one with the highest or lowest Wilson bound."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One run, and whether it speaks for what is measured."""

    run: RunFact
    supports: bool
    word: str
    """What is said of it, such as `recap` or `no comment`."""

    def behind(self) -> Behind:
        """The row behind the number."""
        run = self.run
        return Behind(
            "run", run.id, f"{run.scenario} beat {run.beat_index} on {run.runtime_key}: {self.word}", self.supports
        )


async def runtimes_meant(scope: RuntimeScope, facts: Facts) -> Callable[[str, bool], bool]:
    """A test of a runtime's key and whether it is experimental."""
    if isinstance(scope, tuple):
        return lambda key, _: key in scope
    if scope == "all":
        return lambda _key, _experimental: True
    target = facts.target
    if scope == "target":
        return lambda key, experimental: key == target if target is not None else not experimental
    families = await agent_families(facts)
    wanted = families.get(target or "", "")
    return lambda key, experimental: experimental and (not wanted or families.get(key, "") in ("", wanted))


async def runs_meant(arguments: RunArguments, facts: Facts) -> list[RunFact]:
    """The ended runs that the arguments name, newest first; what was cancelled or cut off tells of nobody's runtime."""
    is_meant = await runtimes_meant(arguments.runtimes, facts)
    return [
        run
        for run in await facts.runs()
        if is_meant(run.runtime_key, run.experimental)
        and run.status not in ("cancelled", "interrupted")
        and (not arguments.scenarios or run.scenario in arguments.scenarios)
    ]


async def agent_families(facts: Facts) -> dict[str, str]:
    """The agent's family by runtime key; empty where it is not known."""
    return {runtime.key: agent_family(runtime) for runtime in await facts.runtimes()}


def have_same_agent(first: str, second: str, families: Mapping[str, str]) -> bool:
    """Whether two runtimes run agents of one family, as far as that is known: only those can be compared."""
    known = {families.get(first, ""), families.get(second, "")} - {""}
    return len(known) < 2


def agent_family(runtime: RuntimeRecord) -> str:
    """The agent's family, such as `pi`; empty where the stored definition does not say."""
    definition: Any = json.loads(runtime.definition_json or "{}")
    agent = cast("dict[str, Any]", definition).get("agent") if isinstance(definition, dict) else None
    return str(cast("dict[str, Any]", agent).get("family", "")) if isinstance(agent, dict) else ""


def rate_finding(
    counted: Sequence[Counted],
    arguments: RunArguments,
    *,
    nothing: str,
    told: Callable[[str, Sequence[Counted]], str] | None = None,
    unit: str = "",
) -> Finding:
    """A rate over these runs; `nothing` says what is missing when there are none.

    `told` says one runtime's numbers (without it, so many of so many), `unit` what they are numbers of.
    """
    tell = told or so_many
    if not counted:
        return Finding(nothing)
    groups: dict[str, list[Counted]] = {}
    for item in counted:
        groups.setdefault(item.run.runtime_key, []).append(item)
    counting = _counting(groups, arguments)
    successes, n = sum(item.supports for item in counting), len(counting)
    chosen = {item.run.runtime_key for item in counting}
    ordered = sorted(groups, key=lambda key: (key not in chosen, key))
    return Finding(
        statement=" · ".join(tell(key, groups[key]) for key in ordered) + (f" {unit}" if unit else ""),
        n=n,
        value=successes / n,
        successes=successes,
        behind=behind_runs([*counting, *(item for item in counted if item.run.runtime_key not in chosen)]),
    )


def so_many(key: str, group: Sequence[Counted]) -> str:
    """`agentos_local/pi 38 of 40`."""
    return f"{key} {sum(item.supports for item in group):,} of {len(group):,}"


def behind_runs(counted: Sequence[Counted]) -> tuple[Behind, ...]:
    """The runs, those that speak against it first, and the chains in which they were made."""
    runs = [item.behind() for item in sorted(counted, key=lambda item: item.supports)]
    chains = {item.run.chain_id: item.run.chain_number for item in counted if item.run.chain_id}
    told = (
        Behind("chain", chain_id, f"chain {number}, the session with all its beats")
        for chain_id, number in chains.items()
    )
    return (*runs, *told)


def _counting(groups: dict[str, list[Counted]], arguments: RunArguments) -> list[Counted]:
    if arguments.of == "pooled":
        return [item for group in groups.values() for item in group]
    pick = max if arguments.of == "best" else min
    return pick(groups.values(), key=_lower_bound)


def _lower_bound(group: Sequence[Counted]) -> float:
    return wilson_interval(sum(item.supports for item in group), len(group)).low
