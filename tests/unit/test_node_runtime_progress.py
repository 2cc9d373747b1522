"""npm's output: progress while it works, one sentence when it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.node_runtime import InstallPhase, InstallProgress
from adapters.node_runtime.npm_failure import describe_npm_failure
from adapters.node_runtime.progress import TarballCounter, fetched_package

LOG_PATH = Path("/cache/k.npm.log")


@pytest.mark.parametrize(
    ("line", "package"),
    [
        ("npm http fetch GET 200 https://r.test/ajv/-/ajv-8.20.0.tgz 90ms (cache miss)", "ajv"),
        ("npm http fetch GET 200 https://r.test/@a/b/-/b-1.0.0.tgz 90ms (cache updated)", "@a/b"),
        ("npm http fetch GET 200 https://r.test/npm/@a%2fb/-/b-1.0.0.tgz 90ms (cache miss)", "@a/b"),
        ("npm http cache @a/b@https://r.test:8443/x/@a/b/-/b-1.0.0.tgz 0ms (cache hit)", "@a/b"),
        ("npm http cache esbuild@https://r.test/picocolors/-/picocolors-1.1.1.tgz 0ms (cache hit)", "picocolors"),
        ("npm http fetch GET 200 https://r.test/@a%2fb 41ms (cache miss)", None),
        ("npm http fetch GET 404 https://r.test/ajv/-/ajv-8.20.0.tgz 90ms (cache skip)", None),
        ("npm http fetch GET 503 https://r.test/ajv/-/ajv-8.20.0.tgz attempt 1 failed", None),
        ("added 203 packages in 21s", None),
        ("npm http fetch GET 200 https://r.test/\x1b[31m/-/x-1.tgz 90ms (cache miss)", None),
    ],
)
def test_a_tarball_is_recognised_by_its_line(line: str, package: str | None) -> None:
    assert fetched_package(line) == package


def test_the_count_never_passes_the_total() -> None:
    counter = TarballCounter(2)
    line = "npm http fetch GET 200 https://r.test/ajv/-/ajv-8.20.0.tgz 90ms (cache miss)"
    assert counter.feed("npm warn something") is None
    assert counter.feed(line) == InstallProgress(InstallPhase.FETCHING, 1, 2, "ajv")
    assert counter.feed(line) == InstallProgress(InstallPhase.FETCHING, 2, 2, "ajv")
    assert counter.feed(line) == InstallProgress(InstallPhase.FETCHING, 2, 2, "ajv")


def test_every_phase_has_a_line_for_the_operator() -> None:
    messages = {InstallProgress(phase, 3, 203, "ajv").message for phase in InstallPhase}
    assert len(messages) == len(InstallPhase)
    assert "fetching Node packages: 3 of 203 (ajv)" in messages


@pytest.mark.parametrize(
    ("lines", "said", "remedy"),
    [
        (
            [
                "npm error code ENOTFOUND",
                "npm error syscall getaddrinfo",
                "npm error errno ENOTFOUND",
                "npm error network request to https://r.test/ajv failed, reason: getaddrinfo ENOTFOUND r.test",
                "npm error network This is a problem related to network connectivity.",
                "npm error A complete log of this run can be found in: /home/u/.npm/_logs/x.log",
            ],
            "ENOTFOUND: network request to https://r.test/ajv failed, reason: getaddrinfo ENOTFOUND r.test",
            "`proxy`",
        ),
        (
            ["npm error code E404", "npm error 404 Not Found - GET https://r.test/ajv - Not found"],
            "E404: 404 Not Found - GET https://r.test/ajv - Not found",
            "`registry` setting",
        ),
        (
            ["npm error code ENOSPC", "npm error nospc ENOSPC: no space left on device, write"],
            "ENOSPC: nospc ENOSPC: no space left on device, write",
            "free disk space",
        ),
        (
            ["npm error code EINTEGRITY", "npm error sha512-a integrity checksum failed"],
            "EINTEGRITY: sha512-a integrity checksum failed",
            "other bytes than the lock names",
        ),
        ([], "it printed no error", "start again"),
    ],
)
def test_a_failure_says_what_npm_said_and_what_to_do(lines: list[str], said: str, remedy: str) -> None:
    message = describe_npm_failure(lines, exit_code=1, log_path=LOG_PATH)
    assert f"({said})" in message
    assert remedy in message
    assert message.endswith("npm's whole output is in /cache/k.npm.log.")
    assert "\n" not in message
