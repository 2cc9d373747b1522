// Measures agent-os itself, beside any heartbeat: one job, told as JSON in the only argument. Samples and points are
// reported on stdout, one JSON object a line; at a point it waits for a line on stdin, so that the host can look at
// this process and its sidecar. It ends when the job is done, or stdin closes.
import process from "node:process";
import { linesOf } from "./lines.mjs";
import { measureCreation } from "./measure/creation.mjs";
import { measureStaircase } from "./measure/staircase.mjs";
import { shutdown } from "./agentos_local/sidecar.js";

const write = process.stdout.write.bind(process.stdout);
// Whatever a package prints must not land between protocol lines.
process.stdout.write = process.stderr.write.bind(process.stderr);

const JOBS = { creation: measureCreation, staircase: measureStaircase };
const report = (message) => write(`${JSON.stringify(message)}\n`);

/** @type {(() => void) | null} */
let goOn = null;

async function listen() {
  for await (const line of linesOf(process.stdin)) {
    if (line.trim() !== "") goOn?.();
  }
  await end(1);
}

/** The sidecar is killed: its own disposal takes seconds, and none of it is measured. */
async function end(code) {
  await shutdown();
  process.exit(code);
}

const host = {
  sample: (name, value) => report({ type: "sample", name, value }),
  /** Ask for a look from outside; returns when the host has looked. */
  point: (population) =>
    new Promise((resolve) => {
      goOn = resolve;
      report({ type: "point", population });
    }),
};

void listen();
try {
  const job = JSON.parse(process.argv[2] ?? "{}");
  await JOBS[job.job](job, host);
  report({ type: "done" });
  await end(0);
} catch (error) {
  report({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  await end(1);
}
