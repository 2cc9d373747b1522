import { parentPort, workerData } from "node:worker_threads";

const exported = (await import(workerData.url))[workerData.exportName];
const stateful = workerData.exportName === "createStdoutParser" ? exported() : null;

/** Upstream's UI turns a throwing parser into a result entry; here the error travels beside the line. */
function parseLine({ text, ts, log_seq }) {
  try {
    const entries = (stateful ? stateful.parseLine(text, ts) : exported(text, ts)) ?? [];
    return { log_seq, text, entries: JSON.parse(JSON.stringify(entries)), error: null };
  } catch (error) {
    return { log_seq, text, entries: [], error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort.on("message", (lines) => parentPort.postMessage(lines.map(parseLine)));
