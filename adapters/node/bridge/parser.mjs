// Runs an adapter's own UI parser in a worker, one per run: upstream's parsers keep pending tool calls in module
// globals and export no reset, and a worker has a module registry of its own.
import { Worker } from "node:worker_threads";

/** @param {{ url: string, exportName: string } | null} uiParser */
export function startParser(uiParser) {
  if (!uiParser) {
    return {
      // Paperclip's own fallback for adapters without a parser: the line itself.
      parse: async (lines) =>
        lines.map(({ text, ts, log_seq }) => ({ text, log_seq, entries: [{ kind: "stdout", ts, text }], error: null })),
      close() {},
    };
  }
  const worker = new Worker(new URL("parser-worker.mjs", import.meta.url), { workerData: uiParser });
  const waiting = [];
  /** Why the worker is gone: nothing that is sent to it is answered any more. */
  let failure = null;
  function end(error) {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  }
  worker.on("message", (lines) => waiting.shift()?.resolve(lines));
  worker.on("error", end);
  worker.on("exit", (code) => end(new Error(`the adapter's parser ended its thread with exit code ${code}`)));
  worker.unref();
  return {
    parse: (lines) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        waiting.push({ resolve, reject });
        worker.postMessage(lines);
      }),
    close: () => void worker.terminate(),
  };
}
