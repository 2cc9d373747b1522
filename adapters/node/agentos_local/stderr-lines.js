/** The sidecar's stderr, cut into lines, without its routine chatter, given to whoever runs at that moment. */

/** Lines of normal operation: V8 warm-up notes and log records below warning. */
const ROUTINE_LINE =
  /^agentos-v8-runtime: (warm worker|restored session isolate)|\blevel=(trace|debug|info)\b|evicting unused tar archive cache entry/;
/** The upstream teardown limit: it is hit by the first session VM of every sidecar and costs no data. */
const KNOWN_TEARDOWN_LINE = /ERR_AGENTOS_VM_TEARDOWN_DEADLINE|ERR_AGENTOS_VM_FORCED_PROCESS_FINALIZE/;
const TAIL_LINES = 40;

export class StderrLines {
  constructor() {
    this.partial = "";
    /** @type {string[]} last lines that were not routine, for the message of a death. */
    this.tail = [];
    /** @type {Set<(line: string) => void>} */
    this.listeners = new Set();
  }

  /** @param {import("node:stream").Readable} stream */
  read(stream) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk) => {
      const lines = (this.partial + chunk).split("\n");
      this.partial = lines.pop() ?? "";
      for (const line of lines) this.publish(line);
    });
  }

  /** @param {(line: string) => void} listener @returns {() => void} stops listening. */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  publish(line) {
    if (line.trim() === "" || ROUTINE_LINE.test(line) || KNOWN_TEARDOWN_LINE.test(line)) return;
    this.tail = [...this.tail, line].slice(-TAIL_LINES);
    for (const listener of this.listeners) listener(line);
  }
}
