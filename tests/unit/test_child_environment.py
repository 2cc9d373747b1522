"""A child sees an allow-list of the operator's environment, and folders of its own."""

from __future__ import annotations

from pathlib import Path

from console.engine.child_environment import child_environment

HOST = {
    "PATH": "/usr/bin",
    "HOME": "/home/op",
    "PWD": "/somewhere",
    "TMPDIR": "/shared",
    "LANG": "de_DE.UTF-8",
    "SSL_CERT_FILE": "/etc/ca.pem",
    "ANTHROPIC_API_KEY": "sk-secret",
    "SIDEBEAT_MODEL_API_KEY": "sk-secret",
    "AWS_SECRET_ACCESS_KEY": "sk-secret",
    "PAPERCLIP_API_KEY": "sk-secret",
    "NODE_OPTIONS": "--require /tmp/evil.js",
    "LD_PRELOAD": "/tmp/evil.so",
    "HTTP_PROXY": "http://user:sk-secret@proxy",
}


def child(**more: str) -> dict[str, str]:
    return child_environment(
        node_bin=Path("/node/bin"),
        home=Path("/own/home"),
        working_directory=Path("/own/root"),
        temporary=Path("/own/tmp"),
        inherited=HOST,
        **({"extra": more} if more else {}),
    )


def test_only_what_is_listed_reaches_the_child() -> None:
    assert child() == {
        "LANG": "de_DE.UTF-8",
        "SSL_CERT_FILE": "/etc/ca.pem",
        "PATH": "/node/bin:/usr/bin",
        "HOME": "/own/home",
        "PWD": "/own/root",
        "TMPDIR": "/own/tmp",
        "TERM": "dumb",
        "NO_COLOR": "1",
    }


def test_no_secret_of_the_host_reaches_the_child() -> None:
    assert not any("secret" in value or "evil" in value for value in child().values())


def test_a_runtimes_own_variables_come_last() -> None:
    assert child(HOME="/other", DEBUG="1")["HOME"] == "/other"
    assert child(DEBUG="1")["DEBUG"] == "1"


def test_the_real_environment_is_the_default(tmp_path: Path) -> None:
    environment = child_environment(node_bin=tmp_path, home=tmp_path, working_directory=tmp_path, temporary=tmp_path)
    assert environment["HOME"] == str(tmp_path)
    assert environment["PATH"].startswith(f"{tmp_path}:")
