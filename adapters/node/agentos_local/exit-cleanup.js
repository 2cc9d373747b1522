/** Work that must be done before this process ends, without taking its signals from the host. */

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"];
/** @type {Set<() => void>} */
const cleanups = new Set();

/**
 * @param {() => void} cleanup synchronous, safe to call twice
 * @returns {() => void} forgets it; after the last one no listener is left on the process
 */
export function beforeExit(cleanup) {
  if (cleanups.size === 0) install();
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) remove();
  };
}

/** Do all of it now. */
export function runCleanups() {
  for (const cleanup of [...cleanups]) cleanup();
}

function install() {
  process.on("exit", runCleanups);
  for (const signal of SIGNALS) {
    if (process.listenerCount(signal) === 0) process.on(signal, onSignal);
  }
}

function remove() {
  process.off("exit", runCleanups);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

// A host with a handler of its own decides how it ends, and its `process.exit` reaches the exit handler.
function onSignal(signal) {
  if (process.listenerCount(signal) > 1) return;
  runCleanups();
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
}
