"""`sidebeat doctor`: versions, and each adapter's own test of this machine."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from console.cli.common import EXIT_FAILED, Choices, Refusal, opened_engine, run_async
from console.cli.plain import table
from console.engine.doctor import DoctorCheck, console_checks, packages_check, runtime_checks

MARKS = {"info": "ok", "warn": "warn", "error": "FAIL"}


@click.command()
@click.option("--runtime", "runtimes", multiple=True, help="Only these runtimes; default all.")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
@click.pass_obj
def doctor(choices: Choices, runtimes: tuple[str, ...], as_json: bool) -> None:
    """Check this machine; exit code 1 if a check failed.

    The adapters' checks are their own `testEnvironment`, run with the configuration that a beat would give them.
    """

    async def examine() -> list[DoctorCheck]:
        async with opened_engine(choices) as engine:
            chosen = [engine.runtime(key) for key in runtimes or engine.catalogue.runtimes]
            packages = await packages_check(engine)
            checks = [*console_checks(engine), packages]
            for runtime in chosen if packages.level == "info" else ():
                checks += await runtime_checks(engine, runtime)
            return checks

    checks = run_async(examine)
    if as_json:
        click.echo(json.dumps({"checks": [asdict(check) for check in checks]}, indent=2))
    else:
        rows = [(MARKS[check.level], check.subject, check.code, f"{check.message} {check.hint}") for check in checks]
        table(("", "SUBJECT", "CHECK", "WHAT"), rows)
    if any(check.level == "error" for check in checks):
        raise Refusal("a check failed; see above", EXIT_FAILED)
