/** Where a session is kept on the host, and whether a run may take it up again. */
import fs from "node:fs";
import path from "node:path";
import { SUPPORTED_AGENTS } from "./config.js";

/**
 * What Paperclip stores between two runs of one agent and task.
 * @typedef {{sessionId: string, agent: string, database: string, cwd: string, mountPath: string}} SessionParams
 */

/** @type {import("@paperclipai/adapter-utils").AdapterSessionCodec} */
export const sessionCodec = {
  deserialize: readSessionParams,
  serialize: readSessionParams,
  getDisplayId: (params) => readSessionParams(params)?.sessionId.slice(0, 8) ?? null,
};

/** Shapes of other adapters (a session file, a `ses_` id) are not ours: null. */
function readSessionParams(raw) {
  if (raw === null || typeof raw !== "object" || Array.isArray(raw)) return null;
  const { sessionId, agent, database, cwd, mountPath } = raw;
  const texts = [sessionId, agent, database, cwd];
  if (!texts.every((text) => typeof text === "string" && text !== "")) return null;
  if (!SUPPORTED_AGENTS.includes(agent) || !path.isAbsolute(database)) return null;
  return { sessionId, agent, database, cwd, mountPath: typeof mountPath === "string" ? mountPath : "/workspace" };
}

/**
 * The session of this run: a stored one when it fits, else a new one.
 * @returns {{params: SessionParams, isResumed: boolean, freshReason: string | null}} freshReason says why a stored
 *   session is left aside
 */
export function planSession({ ctx, config, cwd, newSessionId }) {
  const stored = readSessionParams(ctx.runtime.sessionParams);
  const fresh = freshSession({ ctx, config, cwd, newSessionId });
  const misfit = stored ? sessionMisfit(stored, config, cwd) : foreignSessionReason(ctx.runtime);
  if (stored && !misfit) return { params: stored, isResumed: true, freshReason: null };
  return { params: fresh, isResumed: false, freshReason: misfit };
}

function sessionMisfit(stored, config, cwd) {
  if (stored.agent !== config.agent) return `it belongs to the agent ${stored.agent}`;
  if (stored.cwd !== cwd) return `it was made for the workspace ${stored.cwd}`;
  if (stored.mountPath !== config.mountPath) return `its workspace was mounted at ${stored.mountPath}`;
  if (!fs.existsSync(stored.database)) return `its database ${stored.database} is gone`;
  return null;
}

function foreignSessionReason(runtime) {
  return runtime.sessionParams || runtime.sessionId ? "it was not made by this adapter" : null;
}

/** A new session gets its own database file: an old one may hold a session that must not be mixed in. */
function freshSession({ ctx, config, cwd, newSessionId }) {
  const directory = sessionDirectory(ctx, config);
  const database = path.join(directory, `session-${newSessionId}.sqlite`);
  return { sessionId: newSessionId, agent: config.agent, database, cwd, mountPath: config.mountPath };
}

function sessionDirectory(ctx, config) {
  const taskKey = ctx.runtime.taskKey ?? "no-task";
  return path.join(config.stateDir, ...[ctx.agent.companyId, ctx.agent.id, taskKey, config.agent].map(safeFileName));
}

/** Ids come from outside: anything but plain characters is written as its hexadecimal code. */
export function safeFileName(text) {
  const escaped = String(text).replace(/[^A-Za-z0-9-]/g, (character) =>
    character === "." || character === "_" ? character : `%${character.codePointAt(0).toString(16)}`,
  );
  return /^\.*$/.test(escaped) ? `%${escaped}` : escaped.slice(0, 120);
}
