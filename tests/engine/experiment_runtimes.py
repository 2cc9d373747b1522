"""Runtimes for tests of experiments: quick ones that ask the model endpoint once, and can be held."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from console.engine.paths import ConsolePaths
from tests.adapters.adapter_packages import SUCCESS, write_adapter
from tests.engine.consoles import add_runtime, add_scenario

SCENARIO = """
schema_version = 1
name = "one-answer"
title = "One answer"
description = "The agent asks once, and is answered."

[[beats]]
prompt = "Say that you are there."

[[beats.turns]]
text = "I am here."
"""

EXECUTE = f"""
  const {{ base, folder }} = ctx.config;
  fs.appendFileSync(`${{folder}}/calls`, "x");
  const call = fs.readFileSync(`${{folder}}/calls`, "utf8").length;
  while (call > Number(fs.readFileSync(`${{folder}}/allowed`, "utf8")) && !ctx.signal.aborted) await later(10);
  const messages = [{{ role: "user", content: ctx.context.issuePrompt }}];
  const tools = [{{ type: "function", function: {{ name: "bash", parameters: {{ type: "object" }} }} }}];
  const response = await fetch(`${{base}}/v1/chat/completions`, {{
    method: "POST",
    headers: {{ "content-type": "application/json", authorization: "Bearer scripted" }},
    body: JSON.stringify({{ model: "m", messages, tools }}),
  }});
  await ctx.onLog("stdout", `${{await response.text()}}\\n`);
  return {SUCCESS};
"""
HEAD = 'import fs from "node:fs"; import { setTimeout as later } from "node:timers/promises";'

UI_PARSER = 'export const parseStdoutLine = (text, ts) => [{ kind: "assistant", ts, text }];'


@dataclass(frozen=True, slots=True)
class QuickRuntimes:
    """Two runtimes of one adapter, `quick_a` and `quick_b`, that count their calls together and wait for the next."""

    folder: Path

    @classmethod
    def add(cls, paths: ConsolePaths, folder: Path) -> QuickRuntimes:
        """As an operator adds them, with a scenario that they succeed in."""
        package = write_adapter(folder / "package", EXECUTE, head=HEAD, ui_parser=UI_PARSER)
        added = cls(folder)
        added.allow(1_000)
        for key in ("quick_a", "quick_b"):
            add_runtime(paths, key, package, f'base = "${{model_base_url}}"\nfolder = "{folder}"')
        add_scenario(paths, "one-answer", SCENARIO)
        return added

    def allow(self, calls: int) -> None:
        """Let so many calls in all come to their end; the next one waits."""
        (self.folder / "allowed").write_text(str(calls), "utf-8")

    @property
    def calls(self) -> int:
        """How many have begun."""
        file = self.folder / "calls"
        return len(file.read_text("utf-8")) if file.exists() else 0
