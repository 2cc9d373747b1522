// Drives any Paperclip ServerAdapterModule for a host that is not Node: commands on stdin, reports on stdout,
// one JSON object a line (bridge/protocol.schema.json). Everything else that would write to stdout goes to stderr.
import process from "node:process";
import { openProtocol } from "./bridge/protocol.mjs";
import { loadAdapter } from "./bridge/load-adapter.mjs";
import { executeHeartbeat } from "./bridge/heartbeat.mjs";
import { startParser } from "./bridge/parser.mjs";

const protocol = openProtocol(process.stdin, process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

/** @type {Awaited<ReturnType<typeof loadAdapter>> | null} */
let adapter = null;
/** The running heartbeats by run id: how to abort them, and the agents' process groups that they spawned. */
const running = new Map();
/** One parser per run: upstream's parsers keep their state in module globals. */
const parsers = new Map();

function loadedAdapter() {
  if (!adapter) throw new Error("no adapter is loaded: send `load` first");
  return adapter;
}

function parserOf(runId) {
  if (!parsers.has(runId)) parsers.set(runId, startParser(loadedAdapter().uiParser));
  return parsers.get(runId);
}

const handlers = {
  async load(command) {
    adapter = await loadAdapter(command.package);
    await protocol.report({
      type: "loaded",
      id: command.id,
      adapter_type: adapter.module.type,
      package_version: adapter.packageVersion,
      capabilities: adapter.capabilities,
      ui_parser: adapter.uiParser?.exportName ?? null,
    });
  },

  async execute(command) {
    closeParsersOfEndedRuns();
    const run = { controller: new AbortController(), processGroups: new Set() };
    running.set(command.id, run);
    try {
      await executeHeartbeat(loadedAdapter().module, command, run, protocol.report);
    } finally {
      running.delete(command.id);
    }
  },

  async cancel(command) {
    running.get(command.id)?.controller.abort(new Error("cancelled by the operator"));
  },

  async parse(command) {
    const lines = await parserOf(command.id).parse(command.lines);
    await protocol.report({ type: "entries", id: command.id, lines });
  },

  async test_environment(command) {
    const value = await loadedAdapter().module.testEnvironment(command.context);
    await protocol.report({ type: "answer", id: command.id, value });
  },

  async apply_codec(command) {
    const codec = loadedAdapter().module.sessionCodec;
    const value = codec ? codec[command.operation](command.value) : command.value;
    await protocol.report({ type: "answer", id: command.id, value: value ?? null });
  },

  async shutdown() {
    await stop();
  },
};

function closeParsersOfEndedRuns() {
  for (const [runId, parser] of parsers) {
    if (running.has(runId)) continue;
    parser.close();
    parsers.delete(runId);
  }
}

/** An agent leads a group of its own, so it would outlive a bridge whose host is gone. */
function killAgents() {
  for (const processGroup of [...running.values()].flatMap((run) => [...run.processGroups])) {
    try {
      process.kill(-processGroup, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") console.error(`process group ${processGroup} could not be killed: ${error.message}`);
    }
  }
}

async function stop() {
  for (const run of running.values()) run.controller.abort(new Error("the bridge is shutting down"));
  killAgents();
  for (const parser of parsers.values()) parser.close();
  try {
    await adapter?.shutdown?.();
  } catch (error) {
    console.error(`shutdown of the adapter failed: ${error?.message ?? error}`);
  } finally {
    process.exit(0);
  }
}

async function handle(command) {
  try {
    await handlers[command.type](command);
  } catch (error) {
    await protocol.report({
      type: "failed",
      id: command.id ?? null,
      during: command.type,
      message: error instanceof Error ? error.message : String(error),
      stack: error instanceof Error ? (error.stack ?? null) : null,
    });
  }
}

// An adapter's stray rejection must not take the run down with it: it is reported, as the host's server would.
process.on("unhandledRejection", (error) => {
  protocol.report({ type: "failed", id: null, during: "adapter", message: String(error), stack: error?.stack ?? null });
});
process.on("SIGTERM", () => void stop());

await protocol.report({
  type: "ready",
  protocol: protocol.version,
  node_version: process.version,
  pid: process.pid,
});
for await (const command of protocol.commands()) void handle(command);
await stop();
