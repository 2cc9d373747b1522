/** Why and how a run is ended before its agent is done: its time limit, or the host's signal. */

/** Thrown between two steps of a run that has been told to stop. */
export class RunStopped extends Error {}

export class RunStop {
  /** @param {{timeoutSec: number, graceSec: number, signal?: AbortSignal}} input timeoutSec 0 means no limit */
  constructor({ timeoutSec, graceSec, signal }) {
    /** @type {"timeout" | "cancelled" | null} */
    this.reason = null;
    this.graceMs = graceSec * 1000;
    this.signal = signal;
    /** @type {(() => void) | null} */
    this.onStop = null;
    this.abort = () => this.stop("cancelled");
    this.timer = timeoutSec > 0 ? setTimeout(() => this.stop("timeout"), timeoutSec * 1000) : null;
    signal?.addEventListener("abort", this.abort, { once: true });
    if (signal?.aborted) this.stop("cancelled");
  }

  stop(reason) {
    if (this.reason) return;
    this.reason = reason;
    this.onStop?.();
  }

  /**
   * Await one step; when the run is stopped meanwhile, cancel it, and end it by force after the grace time.
   * @template T
   * @param {() => Promise<T>} step
   * @param {{cancel?: () => void, kill: () => void}} actions `kill` must make the step settle
   * @returns {Promise<T>} @throws {RunStopped} when the run was stopped before the step began
   */
  async guard(step, { cancel = () => {}, kill }) {
    if (this.reason) throw new RunStopped(this.reason);
    return this.#within(step, { cancel, kill });
  }

  /**
   * Await the step that closes the run. It is taken even after the run was stopped, and has the grace time then.
   * @template T
   * @param {() => Promise<T>} step
   * @param {{kill: () => void}} actions as for `guard`
   * @returns {Promise<T>}
   */
  guardClosing(step, { kill }) {
    return this.#within(step, { cancel: () => {}, kill });
  }

  async #within(step, { cancel, kill }) {
    let killTimer = null;
    this.onStop = () => {
      cancel();
      killTimer = setTimeout(kill, this.graceMs);
    };
    if (this.reason) this.onStop();
    try {
      return await step();
    } finally {
      this.onStop = null;
      clearTimeout(killTimer);
    }
  }

  /** Drop the timer and the listener; call once the run is over. */
  close() {
    clearTimeout(this.timer);
    this.signal?.removeEventListener("abort", this.abort);
  }
}
