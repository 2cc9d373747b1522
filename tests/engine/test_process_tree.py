"""Children are stopped as a whole, and one process is never taken for another."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import psutil

from adapters.process_tree import ProcessIdentity, pids_with_variable, sample_tree, stop_orphans, stop_trees
from tests.engine.waiting import until

STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = None
if sys.argv[1:]:
    again = [sys.executable, "-c", os.environ["STUBBORN"]]
    child = subprocess.Popen(again, start_new_session=True, stdout=subprocess.PIPE)
    child.stdout.readline()
print(child.pid if child else 0, flush=True)
time.sleep(600)
"""
"""Ignores SIGTERM; with an argument it has a child of the same kind, in a session of its own."""


async def stubborn_pair() -> tuple[asyncio.subprocess.Process, int]:
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        STUBBORN,
        "with a child",
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "STUBBORN": STUBBORN},
        start_new_session=True,
    )
    assert parent.stdout is not None
    return parent, int(await parent.stdout.readline())


async def test_a_child_and_a_grandchild_that_ignore_sigterm_are_gone() -> None:
    parent, grandchild_pid = await stubborn_pair()
    assert os.getpgid(grandchild_pid) != os.getpgid(parent.pid)
    grandchild = ProcessIdentity.of(grandchild_pid)
    assert grandchild is not None

    await stop_trees([parent.pid], grace_s=0.1)

    assert await parent.wait() == -9
    assert not grandchild.is_alive()


async def test_a_child_that_heeds_sigterm_is_not_killed() -> None:
    child = await asyncio.create_subprocess_exec("sleep", "600", start_new_session=True)
    await stop_trees([child.pid], grace_s=30.0)
    assert await child.wait() == -15


async def test_a_child_in_our_own_group_is_stopped_without_us() -> None:
    child = await asyncio.create_subprocess_exec("sleep", "600")
    assert os.getpgid(child.pid) == os.getpgrp()
    await stop_trees([child.pid], grace_s=30.0)
    assert await child.wait() == -15


async def test_a_tree_is_sampled_as_a_whole_until_it_is_gone() -> None:
    parent, _ = await stubborn_pair()
    sample = sample_tree([parent.pid])
    own = psutil.Process(parent.pid).memory_info().rss
    await stop_trees([parent.pid], grace_s=0.0)
    await parent.wait()
    assert sample is not None
    assert sample.process_count == 2
    assert sample.rss_bytes > own
    assert sample.cpu_seconds > 0
    assert sample_tree([parent.pid]) is None


async def test_orphans_are_found_by_the_variable_that_they_inherited(tmp_path: Path) -> None:
    mark = str(tmp_path)
    shell = await asyncio.create_subprocess_exec(
        *("sh", "-c", "setsid sleep 600 & echo $!"), env={**os.environ, "TMPDIR": mark}, stdout=asyncio.subprocess.PIPE
    )
    assert shell.stdout is not None
    orphan = int(await shell.stdout.readline())
    spared = await asyncio.create_subprocess_exec("sleep", "600", env={**os.environ, "TMPDIR": mark})
    await until(lambda: pids_with_variable("TMPDIR", mark) == sorted([orphan, spared.pid]), "only the two are left")

    assert await stop_orphans("TMPDIR", mark, but_not_below=spared.pid, grace_s=10.0) == [orphan]
    assert pids_with_variable("TMPDIR", mark) == [spared.pid]
    assert await stop_orphans("TMPDIR", mark, grace_s=10.0) == [spared.pid]
    assert await spared.wait() == -15
    await shell.communicate()


async def test_an_orphan_with_a_folder_below_is_found_but_not_one_with_a_name_that_only_begins_alike(
    tmp_path: Path,
) -> None:
    mark = str(tmp_path / "run")
    below, beside = [
        await asyncio.create_subprocess_exec("sleep", "600", env={**os.environ, "TMPDIR": value})
        for value in (f"{mark}/agentos-local-x", f"{mark}-2")
    ]
    assert await stop_orphans("TMPDIR", mark, grace_s=10.0) == [below.pid]
    assert await below.wait() == -15
    await stop_trees([beside.pid], grace_s=10.0)
    assert await beside.wait() == -15


async def test_an_orphan_in_the_group_of_a_spared_process_is_stopped_alone(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    spared = await asyncio.create_subprocess_exec("sleep", "600", env=environment, process_group=0)
    orphan = await asyncio.create_subprocess_exec("sleep", "600", env=environment, process_group=spared.pid)
    assert os.getpgid(orphan.pid) == spared.pid
    identity = ProcessIdentity.of(spared.pid)
    assert identity is not None

    assert await stop_orphans("TMPDIR", str(tmp_path), but_not_below=spared.pid, grace_s=10.0) == [orphan.pid]

    assert await orphan.wait() == -15
    assert identity.is_alive()
    await stop_trees([spared.pid], grace_s=10.0)
    assert await spared.wait() == -15


async def test_stopping_what_has_already_gone_does_nothing() -> None:
    child = await asyncio.create_subprocess_exec("true")
    await child.wait()
    assert ProcessIdentity.of(child.pid) is None
    await stop_trees([child.pid], grace_s=0.0)


async def test_a_later_process_with_the_same_pid_is_another_one() -> None:
    own = ProcessIdentity.of(os.getpid())
    assert own is not None
    assert own.is_alive()
    assert not replace(own, started_at_epoch=own.started_at_epoch - 60).is_alive()


async def test_a_zombie_is_not_alive() -> None:
    child = psutil.Popen(["sleep", "600"])
    identity = ProcessIdentity.of(child.pid)
    assert identity is not None
    child.kill()
    await until(lambda: child.status() == psutil.STATUS_ZOMBIE, "the child is a zombie")
    assert not identity.is_alive()
    await asyncio.to_thread(child.wait)
