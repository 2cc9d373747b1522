"""The console as a process of its own: `python -m tests.pty.console_child <database> [crash]`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from console.engine.events import RunChanged
from console.ui import app as app_module
from console.ui.app import SidebeatApp, run_app
from store import Queries
from tests.ui.fake_engine import FakeClock, FakeEngine
from tests.ui.samples import HOSTILE, run


class CrashingApp(SidebeatApp):
    """Fails while it runs, as a bug would."""

    CSS_PATH = Path(app_module.__file__).with_name("sidebeat.tcss")

    def on_ready(self) -> None:
        raise RuntimeError("a bug in the console")


async def main(database: Path, *, crashes: bool) -> int:
    """Show a hostile run, until the operator or a signal ends it."""
    async with await Queries.open(database) as queries:
        engine = FakeEngine(database, queries)
        app = (CrashingApp if crashes else SidebeatApp)(engine, clock=FakeClock())
        hostile = run(0, "pi_local", id="run-hostile", status="failed", error_message=HOSTILE, observed_status=HOSTILE)
        asyncio.get_running_loop().call_later(0.3, engine.say, [RunChanged(hostile)])
        return await run_app(app)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]), crashes="crash" in sys.argv[2:])))
