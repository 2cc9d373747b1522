/** The run's log: one JSON line per event on stdout, in order, and plain text on stderr. */

/**
 * Lines (all carry `type`):
 * agentos.session {sessionId, agent, model, cwd, mountPath, restoredBy, sidecarPid}
 * agentos.notice {message}
 * agentos.update {durability, sequence?, update} - `update` is the ACP session update as agent-os gave it
 * agentos.result {text, stopReason, usage, costUsd, subtype}
 * agentos.error {errorCode, message}
 */
export class RunLog {
  /** @param {(stream: "stdout" | "stderr", chunk: string) => Promise<void>} onLog */
  constructor(onLog) {
    this.onLog = onLog;
    this.pending = Promise.resolve();
    /** @type {unknown} first failure of the host's onLog; thrown by `drain` */
    this.failure = null;
  }

  /** @param {string} type without the prefix "agentos." @param {object} fields */
  event(type, fields) {
    this.write("stdout", `${JSON.stringify({ type: `agentos.${type}`, ...fields })}\n`);
  }

  /** @param {object} entry an entry of agent-os' session stream */
  update(entry) {
    const { durability, sessionId: _, sequence, timestamp: __, afterSequence: ___, type, ...fields } = entry;
    const position = durability === "durable" ? { sequence } : {};
    this.event("update", { durability, ...position, update: { sessionUpdate: type, ...fields } });
  }

  stderr(text) {
    this.write("stderr", text);
  }

  // The host's onLog may be slow: events come in callbacks, so they queue here in order.
  write(stream, chunk) {
    this.pending = this.pending
      .then(() => this.onLog(stream, chunk))
      .catch((error) => {
        this.failure ??= error;
      });
  }

  /** Wait until the host has taken every line. */
  async drain() {
    await this.pending;
    if (this.failure) throw this.failure;
  }
}
