"""Tiny adapter packages, as somebody else would publish them, written into a folder by the test."""

from __future__ import annotations

import json
from pathlib import Path

from adapters.contract import AdapterAgent, AdapterExecutionContext, AdapterRuntime

SUCCESS = "({ exitCode: 0, signal: null, timedOut: false })"


def write_adapter(folder: Path, execute: str, *, head: str = "", parts: str = "", ui_parser: str | None = None) -> Path:
    """An external adapter of type `tiny`; `execute` is the body of its function of `ctx`, `parts` more members."""
    folder.mkdir(parents=True, exist_ok=True)
    exports = {".": "./index.js"} | ({"./ui-parser": "./ui-parser.js"} if ui_parser is not None else {})
    manifest = {"name": "tiny", "version": "1.2.3", "type": "module", "exports": exports}
    (folder / "package.json").write_text(json.dumps(manifest), "utf-8")
    module = f"""{head}
export const createServerAdapter = () => ({{
  type: "tiny",
  async execute(ctx) {{ {execute} }},
  async testEnvironment(ctx) {{
    return {{ adapterType: ctx.adapterType, status: "pass", checks: [], testedAt: "2026-01-31T12:00:00Z" }};
  }},
  {parts}
}});
"""
    (folder / "index.js").write_text(module, "utf-8")
    if ui_parser is not None:
        (folder / "ui-parser.js").write_text(ui_parser, "utf-8")
    return folder


def execution_context(cwd: Path, **config: object) -> AdapterExecutionContext:
    """A first beat of run `r1` in this folder."""
    return AdapterExecutionContext(
        run_id="r1",
        agent=AdapterAgent(id="a1", company_id="c1", name="tiny", adapter_type="tiny", adapter_config={}),
        runtime=AdapterRuntime(session_id=None, session_params=None, session_display_id=None, task_key="t1"),
        config=config,
        context={"issuePrompt": "Go.", "paperclipWorkspace": {"cwd": str(cwd), "source": "project_primary"}},
    )
