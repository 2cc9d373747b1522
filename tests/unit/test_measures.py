"""What is counted and computed beside the runs, on small trees and rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.catalogue import RuntimeCatalogue, RuntimeDefinition
from adapters.claims import Claims, ClaimsError, load_claims
from adapters.code_lines import code_lines
from adapters.native_files import native_kind
from adapters.node_runtime.closure import InstalledPackage
from adapters.node_runtime.lock_file import LockedPackage
from adapters.runtime_packages import RuntimePackages
from console.engine.doctor import DoctorCheck
from console.engine.measures import load_definitions
from console.engine.measures.bench import Absent, Outcome, Reading
from console.engine.measures.complexity import complexity_readings
from console.engine.measures.line_fit import fit_line, mean_step
from console.engine.measures.operations import doctor_reading, installation_readings, run_reading, written_readings
from console.engine.measures.population import one_for_each_agent, population_readings
from console.engine.measures.published import held_against
from console.engine.measures.setup import NodeProject, configuration_keys, platform_requirements, setup_steps
from console.engine.measures.staircase import handshake
from console.engine.node_packages import Installation
from store.records import MetricRecord, RunRecord
from tests.unit.approximate import approx
from tests.unit.store_samples import sample


def runtime(**given: Any) -> RuntimeDefinition:
    adapter = {"type": "t", "package": "adapter"}
    known = {"schema": 1, "key": "r", "title": "r", "adapter": adapter, "agent": {"family": "pi", "version": "1"}}
    return RuntimeDefinition.model_validate({**known, **given})


def package(name: str, folder: Path, **locked: Any) -> InstalledPackage:
    return InstalledPackage(name, "1.0.0", folder, LockedPackage.model_validate({"version": "1.0.0", **locked}))


def by_name(outcomes: list[Outcome]) -> dict[str, float]:
    return {outcome.name: outcome.value for outcome in outcomes if isinstance(outcome, Reading)}


# ---- memory by population


def test_points_on_a_line_give_its_base_and_slope_and_no_residuals() -> None:
    line = fit_line([(1, 700.0), (2, 850.0), (3, 1000.0), (4, 1150.0)])
    assert line is not None
    assert (line.base, line.slope, line.largest_residual) == (approx(550), approx(150), approx(0))


def test_a_bend_shows_as_a_residual() -> None:
    line = fit_line([(1, 0.0), (2, 0.0), (3, 3.0)])
    assert line is not None
    assert line.residuals == (approx(0.5), approx(-1.0), approx(0.5))


def test_two_points_make_no_line_and_one_value_no_step() -> None:
    assert fit_line([(1, 1.0), (2, 2.0)]) is None
    assert mean_step([1.0]) is None
    assert mean_step([10.0, 11.0, 30.0]) == 10.0


def test_the_base_leaves_out_the_point_before_the_first_agent() -> None:
    points = [(0, 100.0), (1, 700.0), (2, 850.0), (3, 1000.0)]
    readings = by_name(list(population_readings(runtime(where="vm"), points)))
    assert readings == {
        "memory_idle_bytes": 100,
        "memory_base_bytes": approx(550),
        "memory_per_agent_bytes": approx(150),
        "memory_residual_bytes": approx(0),
    }


def test_a_system_without_proportional_memory_says_so() -> None:
    outcomes = list(population_readings(runtime(), []))
    assert all(isinstance(outcome, Absent) and "PSS" in outcome.reason for outcome in outcomes)
    assert len(outcomes) == 4


def test_a_workaround_of_the_same_agent_is_not_measured_again() -> None:
    chosen = [item.key for item in one_for_each_agent(list(RuntimeCatalogue.load().runtimes.values()))]
    assert chosen == ["agentos_local/opencode", "agentos_local/pi", "opencode_local", "pi_local", "pi_local@0.87.1"]


def test_an_agent_of_an_unknown_family_cannot_be_kept_waiting(tmp_path: Path) -> None:
    assert handshake("hermit", tmp_path) is None


# ---- native binaries


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x7fELF\x02\x01", "ELF"),
        (b"\x00asm\x01\x00\x00\x00", "WebAssembly"),
        (bytes.fromhex("cffaedfe") + b"rest", "Mach-O"),
        (bytes.fromhex("cafebabe00000002") + b"rest", "Mach-O"),
        (bytes.fromhex("cafebabe00000041") + b"a class of Java 21", None),
        (b"MZ".ljust(0x3C, b"\0") + b"\x40\0\0\0" + b"PE\0\0", "PE"),
        (b"MZ, said the text", None),
        (b"#!/usr/bin/env node\n", None),
        (b"", None),
    ],
)
def test_machine_code_is_told_by_how_it_begins(tmp_path: Path, content: bytes, kind: str | None) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    assert native_kind(file) == kind


# ---- code and packages


def test_lines_of_code_are_counted_without_blanks_comments_and_what_nobody_wrote(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("// a comment\n\n/** more\n * of it\n */\nconst a = 1; // one\n  b();\n/* c */\n")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "b.mjs").write_text("export {};\n")
    (tmp_path / "lib" / "bundle.cjs").write_text(f"x={'1' * 2000};\n")
    (tmp_path / "types.d.ts").write_text("export type A = 1;\n")
    (tmp_path / "a.js.map").write_text("{}\n")
    (tmp_path / "node_modules" / "c").mkdir(parents=True)
    (tmp_path / "node_modules" / "c" / "index.js").write_text("c();\n")
    assert code_lines(tmp_path) == (3, 2)


def test_a_runtime_is_counted_with_what_it_needs_and_nothing_twice(tmp_path: Path) -> None:
    adapter, tool = tmp_path / "adapter", tmp_path / "adapter" / "node_modules" / "tool"
    tool.mkdir(parents=True)
    (adapter / "index.js").write_text("run();\n")
    (tool / "tool.node").write_bytes(b"\x7fELF" + b"\0" * 9996)
    found = RuntimePackages(adapter, ("@s/adapter",), (package("@s/adapter", adapter), package("tool", tool)))
    counted = by_name(list(complexity_readings(runtime(), found, {})))
    assert counted["adapter_code_lines"] == 1
    assert counted["runtime_packages"] == 2
    assert counted["runtime_native_files"] == 1
    assert counted["runtime_native_bytes"] == 10_000
    assert 10_000 < counted["runtime_installed_bytes"] < 200_000


def test_an_adapter_folder_outside_of_the_lock_is_a_package_more(tmp_path: Path) -> None:
    (tmp_path / "adapter").mkdir()
    (tmp_path / "tool").mkdir()
    found = RuntimePackages(tmp_path / "adapter", ("tool",), (package("tool", tmp_path / "tool"),))
    assert by_name(list(complexity_readings(runtime(), found, {})))["runtime_packages"] == 2


# ---- operations

SET_UP = runtime(
    experimental=True,
    config={"model": "m", "env": {"HOME": "h"}, "providers": {"p": {"models": [{"id": "i"}, {"id": "j"}]}}},
    config_json={"PROVIDERS": {"url": "u"}},
    home_json={"settings.json": {"a": 1}},
    environment={"LOG": "1"},
)


def test_each_step_of_a_set_up_is_written_down(tmp_path: Path) -> None:
    found = RuntimePackages(tmp_path, ("adapter", "agent"), (package("adapter", tmp_path), package("deep", tmp_path)))
    project = NodeProject(overrides={"deep": {"x": "npm:tiny@1", "y": "npm:tiny@1"}, "other": {"z": "npm:tiny@1"}})
    assert setup_steps(SET_UP, found, project) == [
        "install adapter",
        "install agent",
        "override x of deep",
        "override y of deep",
        "write ~/settings.json",
        "set HOME",
        "set PROVIDERS",
        "set LOG",
        "enable experimental runtimes",
    ]


def test_configuration_is_counted_value_by_value_without_its_environment() -> None:
    assert configuration_keys(SET_UP) == [
        "model",
        "providers.p.models.0.id",
        "providers.p.models.1.id",
        "PROVIDERS.url",
    ]


def test_the_newest_node_that_anybody_asks_for_is_the_demand(tmp_path: Path) -> None:
    packages = [
        package("a", tmp_path, os=["linux"], cpu=["x64"], engines={"node": ">=24.11.0"}),
        package("b", tmp_path, os=["linux"], engines={"node": "^20.19 || >=22"}),
        package("c", tmp_path, engines={"node": "*"}),
    ]
    assert platform_requirements(packages) == ["cpu x64", "node >=24.11.0", "os linux"]


def test_what_is_not_installed_has_no_steps_and_says_why(tmp_path: Path) -> None:
    missing = RuntimePackages(tmp_path, (), (), "it is not installed; run a beat first")
    outcomes = list(written_readings(SET_UP, missing, NodeProject()))
    assert by_name(outcomes) == {"configuration_keys": 4}
    assert [outcome.reason for outcome in outcomes if isinstance(outcome, Absent)] == [missing.missing]


def test_processes_are_summarised_over_runs_with_the_runs_behind_them() -> None:
    runs = [sample(RunRecord, id=f"r{index}") for index in range(4)]
    values = {f"r{index}": sample(MetricRecord, value=float(value)) for index, value in enumerate((3, 1, 2))}
    running = run_reading(runtime(), "running_processes", "peak_process_count", runs, values)
    left = run_reading(runtime(), "left_processes", "processes_left", runs, values)
    assert isinstance(running, Reading)
    assert isinstance(left, Reading)
    assert (running.value, left.value, running.samples) == (2, 3, (3, 1, 2))
    assert running.detail is not None
    assert running.detail["newest_runs"] == ["r0", "r1", "r2"]
    absent = run_reading(runtime(), "left_processes", "processes_left", runs, {})
    assert isinstance(absent, Absent)
    assert "run a beat on r" in absent.reason


def test_findings_are_what_is_not_information() -> None:
    checks = [
        DoctorCheck("r", "a", "info", "fine"),
        DoctorCheck("r", "b", "warn", "hm"),
        DoctorCheck("r", "c", "error", "no"),
    ]
    assert doctor_reading(runtime(), checks).value == 2


def test_an_installation_is_two_numbers() -> None:
    assert by_name(list(installation_readings(Installation(12.5, 180)))) == {"install_s": 12.5, "install_packages": 180}


# ---- claims


def test_every_shipped_claim_is_held_against_a_measurement_of_a_fitting_unit() -> None:
    for claim in load_claims().claim:
        definition = load_definitions().metric(claim.measured_as)
        assert definition.source == "measurement"
        assert claim.value_in(definition.unit) is not None


def test_a_claim_stands_beside_what_was_measured_in_the_same_unit_and_with_the_ratio() -> None:
    reading = held_against(load_claims(), "vm_idle_memory_bytes", 33 * 2**20, "how", [1.0])
    assert reading.detail is not None
    (claim,) = reading.detail["claims"]
    assert (claim["value"], claim["unit"], claim["ratio"]) == (22 * 2**20, "bytes", 1.5)
    assert {"id", "text", "source", "url", "method"} <= set(claim)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"valeu": 1}, "`claim.0.valeu`"),
        ({"value": -1}, "`claim.0.value`"),
        ({"page": "somewhere"}, "`claim.0.page`"),
    ],
)
def test_a_claim_that_cannot_be_used_is_refused_with_its_field(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    whole = {**load_claims().claim[0].model_dump(), **change}
    lines = [
        "schema = 1",
        'subject = "s"',
        "[[claim]]",
        *(f"{name} = {json.dumps(value)}" for name, value in whole.items()),
    ]
    path = tmp_path / "claims.toml"
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(ClaimsError) as caught:
        load_claims(path)
    assert told in str(caught.value)
    assert str(path) in str(caught.value)


def test_times_fit_no_bytes() -> None:
    claims: Claims = load_claims()
    assert claims.claim[0].value_in("bytes") is None
