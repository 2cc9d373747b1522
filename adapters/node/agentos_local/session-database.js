/** What this adapter changes in agent-os' session database (its table agentos_core_sessions) between two runs. */
import fs from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

const BUSY_TIMEOUT_MS = 2000;

/** Make the private directory of a database. */
export function prepareDatabaseDirectory(database) {
  fs.mkdirSync(path.dirname(database), { recursive: true, mode: 0o700 });
}

/**
 * Prepare a stored session for its restore.
 * agent-os restores with the environment of the first run, so old model endpoints would be asked: it is replaced.
 * With clearConfigOptions, the stored options are emptied; restoring them fails with opencode 0.2.7.
 * @param {{database: string, sessionId: string, env: Record<string, string>, clearConfigOptions: boolean}} input
 * @returns {boolean} false when the database does not hold the session.
 */
export function prepareRestore({ database, sessionId, env, clearConfigOptions }) {
  return withDatabase(database, (connection) => {
    const stored = connection.prepare("SELECT 1 FROM agentos_core_sessions WHERE session_id = ?").get(sessionId);
    if (!stored) return false;
    updateSession(connection, sessionId, "env_json", canonicalJson(env));
    if (clearConfigOptions) updateSession(connection, sessionId, "config_options_json", "[]");
    return true;
  });
}

/**
 * Take the environment out of a session at rest: it holds keys of model providers and a token of the run.
 * A run may end before there is a session, a table or even a file.
 */
export function removeStoredEnvironment(database, sessionId) {
  if (!fs.existsSync(database)) return;
  withDatabase(database, (connection) => {
    const table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'agentos_core_sessions'";
    if (connection.prepare(table).get()) updateSession(connection, sessionId, "env_json", "{}");
  });
}

/** agent-os compares the stored text with its own, whose names are sorted; any other order is a `session_conflict`. */
function canonicalJson(env) {
  return JSON.stringify(Object.fromEntries(Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function updateSession(connection, sessionId, column, value) {
  connection.prepare(`UPDATE agentos_core_sessions SET ${column} = ? WHERE session_id = ?`).run(value, sessionId);
}

function withDatabase(database, work) {
  const connection = new DatabaseSync(database, { timeout: BUSY_TIMEOUT_MS });
  try {
    return work(connection);
  } finally {
    connection.close();
  }
}
