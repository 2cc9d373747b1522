"""Our own JavaScript is copied as a whole, under a name that follows from its content."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from adapters.node_runtime import NodeInstallError, NodeRuntimeLayout, prepare_app_files
from adapters.node_runtime.app_files import read_app_files, write_app_files


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    for relative in (
        "package.json",
        "package-lock.json",
        ".npmrc",
        "bridge.mjs",
        "bridge/protocol.schema.json",
        "agentos_local/package.json",
        "agentos_local/node_modules/left/out.js",
    ):
        (project / relative).parent.mkdir(parents=True, exist_ok=True)
        (project / relative).write_text(relative)
    return project


def installed_layout(tmp_path: Path, project: Path) -> NodeRuntimeLayout:
    layout = NodeRuntimeLayout(tmp_path / "cache", "k", project)
    layout.node_modules.mkdir(parents=True)
    layout.complete_marker.touch()
    return layout


def test_everything_but_the_installed_project_is_copied(tmp_path: Path, project: Path) -> None:
    app_dir = prepare_app_files(installed_layout(tmp_path, project))
    copied = {path.relative_to(app_dir).as_posix() for path in app_dir.rglob("*") if path.is_file()}
    assert copied == {"bridge.mjs", "bridge/protocol.schema.json", "agentos_local/package.json"}
    assert (app_dir / "bridge" / "protocol.schema.json").read_text() == "bridge/protocol.schema.json"


def test_a_changed_file_gets_a_folder_of_its_own(tmp_path: Path, project: Path) -> None:
    before = prepare_app_files(installed_layout(tmp_path, project))
    (project / "bridge.mjs").write_text("changed")
    layout = NodeRuntimeLayout(tmp_path / "cache", "k", project)
    after = prepare_app_files(layout)
    assert (before / "bridge.mjs").read_text() == "bridge.mjs"
    assert (after / "bridge.mjs").read_text() == "changed"
    assert layout.app_dir == after


def test_a_running_console_keeps_the_files_it_started_with(tmp_path: Path, project: Path) -> None:
    layout = installed_layout(tmp_path, project)
    before = prepare_app_files(layout)
    (project / "bridge.mjs").write_text("changed")
    assert layout.app_dir == before


def test_a_renamed_file_changes_the_hash(project: Path) -> None:
    before = read_app_files(project).content_hash
    (project / "bridge.mjs").rename(project / "bridge2.mjs")
    assert read_app_files(project).content_hash != before


def test_a_read_only_source_is_copied(tmp_path: Path, project: Path) -> None:
    for path in sorted(project.rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)
    app_dir = prepare_app_files(installed_layout(tmp_path, project))
    assert (app_dir / "bridge.mjs").stat().st_mode & 0o200


def test_the_second_of_two_writers_takes_the_first_ones_copy(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, target = read_app_files(project), tmp_path / "app"
    rename = Path.rename

    def rename_after_another_writer(source: Path, destination: Path) -> Path:
        monkeypatch.setattr(Path, "rename", rename)
        write_app_files(files, destination)
        return rename(source, destination)

    monkeypatch.setattr(Path, "rename", rename_after_another_writer)
    write_app_files(files, target)
    assert (target / PurePosixPath("bridge.mjs")).read_text() == "bridge.mjs"
    assert [path.name for path in tmp_path.iterdir() if path.name != "project"] == ["app"]


def test_a_failed_write_leaves_nothing_and_names_the_remedy(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = installed_layout(tmp_path, project)
    _ = layout.app_files

    def full_disk(path: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(NodeInstallError, match=r"No space left on device.*SIDEBEAT_CACHE_DIR"):
        prepare_app_files(layout)
    assert sorted(path.name for path in layout.root.iterdir()) == [".complete", "node_modules"]
