/** Results in Paperclip's terms (AdapterExecutionResult). */
import { sessionCodec } from "./session.js";
import { usageFields } from "./turn-outcome.js";

/** A run that ended by itself without a failure. */
export function success({ session, summary, ...shared }) {
  return { exitCode: 0, signal: null, timedOut: false, ...common(shared), ...sessionFields(session), summary };
}

/** A failed run; without `session` Paperclip keeps the session it has. */
export function failure({ errorCode, errorMessage, errorFamily, errorMeta, session, ...shared }) {
  return {
    exitCode: 1,
    signal: null,
    timedOut: false,
    ...common(shared),
    ...(session ? sessionFields(session) : {}),
    errorCode,
    errorMessage,
    ...(errorFamily ? { errorFamily } : {}),
    ...(errorMeta ? { errorMeta } : {}),
  };
}

export function timeout({ timeoutSec, ...shared }) {
  const errorMessage = `Timed out after ${timeoutSec}s`;
  return { ...common(shared), exitCode: null, signal: null, timedOut: true, errorCode: "timeout", errorMessage };
}

/** 143 is what a shell reports for a process ended by SIGTERM, Paperclip's way to cancel a run. */
export function cancelled(shared) {
  return {
    ...common(shared),
    exitCode: 143,
    signal: "SIGTERM",
    timedOut: false,
    errorCode: "cancelled",
    errorMessage: "The run was cancelled.",
  };
}

/** @param {{sidecar: any, error: Error}} input */
export function sidecarDied({ sidecar, error, ...shared }) {
  const tail = sidecar.stderr.tail.slice(-5).join("\n");
  const errorMessage = `The agent-os sidecar (process ${sidecar.pid}) died during the run; the next run starts a new one.`;
  return {
    ...failure({ ...shared, errorCode: "agentos_sidecar_died", errorMessage }),
    signal: sidecar.child?.signalCode ?? null,
    errorMeta: { upstream: error.message, stderrTail: tail },
  };
}

/** The previous session is kept: a later run may restore it. */
export function restoreFailed({ error, agent, ...shared }) {
  const remedy =
    agent === "opencode"
      ? ' agent-os cannot restore opencode sessions as published; switch "opencodeClearStoredConfigOptions" on to resume them.'
      : "";
  const errorMessage = `The session could not be restored: ${error.message}.${remedy}`;
  return failure({ ...shared, errorCode: "session_restore_failed", errorMessage });
}

function sessionFields(session) {
  const sessionParams = sessionCodec.serialize(session);
  return { sessionParams, sessionId: session.sessionId, sessionDisplayId: sessionCodec.getDisplayId(session) };
}

function common({ config, outcome, resultJson }) {
  if (!config) return {};
  const { usageUnavailable, ...usage } = usageFields(outcome ?? null);
  return {
    provider: config.providerId,
    model: config.modelId,
    ...usage,
    resultJson: { ...resultJson, ...(usageUnavailable ? { usageUnavailable } : {}) },
  };
}
