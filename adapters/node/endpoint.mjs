// One lane's model endpoint: an aimock server on 127.0.0.1 that plays a scripted model, or stands before a real one.
// Commands on stdin, reports on stdout, one JSON object a line; it ends when stdin closes.
// The API key of a real provider comes in SIDEBEAT_MODEL_API_KEY and is never reported.
import process from "node:process";
import { Beat } from "./endpoint/beat.mjs";
import { startServer } from "./endpoint/server.mjs";
import { linesOf } from "./lines.mjs";

const write = process.stdout.write.bind(process.stdout);
// Whatever a package prints must not land between protocol lines.
process.stdout.write = process.stderr.write.bind(process.stderr);

const PROTOCOL = 1;
const report = (message) => write(`${JSON.stringify(message)}\n`);

/** @type {Beat} */
let beat = Beat.none();
let server = null;

const handlers = {
  async start(command) {
    if (server) throw new Error("the endpoint is already listening");
    server = await startServer({
      mode: command.mode ?? "scripted",
      preferredPort: command.preferred_port ?? null,
      providerBaseUrl: command.provider_base_url ?? null,
      providerKey: process.env.SIDEBEAT_MODEL_API_KEY ?? "",
      recordingFolder: command.recording_folder ?? null,
      currentBeat: () => beat,
      report,
    });
    delete process.env.SIDEBEAT_MODEL_API_KEY;
    report({
      type: "listening",
      id: command.id,
      host: server.host,
      port: server.port,
      preferred_port_taken: server.preferredPortTaken,
    });
  },

  async begin_beat(command) {
    if (beat.isOpen) throw new Error("a beat is already open: send `end_beat` first");
    beat = Beat.open(command.turns, command.id);
    server.play(beat);
    report({ type: "beat_begun", id: command.id });
  },

  async end_beat(command) {
    const ended = beat;
    beat = Beat.none();
    const unfinished = await ended.settle(command.settle_ms ?? 0);
    server.play(beat);
    report({ type: "beat_ended", id: command.id, request_count: ended.requestCount, unfinished_count: unfinished });
  },
};

async function answer(line) {
  let command = null;
  try {
    command = JSON.parse(line);
    const handler = handlers[command.type];
    if (!handler) throw new Error(`unknown command \`${command.type}\``);
    if (!server && command.type !== "start") throw new Error("the endpoint is not listening: send `start` first");
    await handler(command);
  } catch (error) {
    report({ type: "failed", id: command?.id ?? null, message: error.message });
  }
}

process.on("SIGTERM", () => process.exit(0));
process.stdin.on("close", () => process.exit(0));
report({ type: "hello", protocol: PROTOCOL, pid: process.pid, node_version: process.version });
for await (const line of linesOf(process.stdin)) {
  if (line.trim()) await answer(line);
}
process.exit(0);
