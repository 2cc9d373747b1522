/** What a run used and whether its model provider failed, from the agent's own record. */

/**
 * @typedef {{inputTokens: number, outputTokens: number, cachedInputTokens: number, costUsd: number,
 *   error: {message: string, status: number | null} | null}} TurnOutcome tokens and cost of this run only
 */

/** Statuses that pass by themselves; a missing status means no answer came at all. */
const TRANSIENT_STATUSES = new Set([408, 409, 425, 429, 500, 502, 503, 504, 529]);
const QUOTA_TEXT = /insufficient_quota|quota|billing|credit balance/i;

/**
 * agent-os reports a failed provider as a normal end of turn: pi's answer is then the error text, opencode's is empty.
 * The agent's own record tells it apart: its last model answer is marked as an error. Only without such a record does
 * an end of turn without any text or tool call count as a failure.
 * @param {TurnOutcome | null} outcome
 * @param {import("./turn-record.js").TurnRecord} turn
 * @returns {{errorCode: string, errorMessage: string, errorFamily?: string, errorMeta: object} | null}
 */
export function detectProviderFailure(outcome, turn) {
  if (outcome) return outcome.error ? classify(outcome.error) : null;
  if (turn.hasContent) return null;
  return {
    errorCode: "provider_error",
    errorMessage: "The agent ended its turn without an answer, and left no record that says why.",
    errorMeta: { httpStatus: null },
  };
}

function classify({ message, status }) {
  const shared = { errorMessage: message, errorMeta: { httpStatus: status } };
  if (status === 401 || status === 403) return { ...shared, errorCode: "provider_auth" };
  if (status === 402 || (status === 429 && QUOTA_TEXT.test(message))) {
    return { ...shared, errorCode: "provider_quota", errorFamily: "provider_quota" };
  }
  const isTransient = status === null || TRANSIENT_STATUSES.has(status);
  return { ...shared, errorCode: "provider_error", ...(isTransient ? { errorFamily: "transient_upstream" } : {}) };
}

/**
 * @param {TurnOutcome | null} outcome
 * @returns {object} `usage`, `usageBasis` and `costUsd` when known, else `usageUnavailable` with the reason
 */
export function usageFields(outcome) {
  if (!outcome)
    return { usageUnavailable: "agent-os passes on no token counts, and the agent left no record of its own" };
  const { inputTokens, outputTokens, cachedInputTokens, costUsd } = outcome;
  if (inputTokens + outputTokens + cachedInputTokens === 0) {
    return { usageUnavailable: "the model endpoint sent no token counts the agent could read" };
  }
  return { usage: { inputTokens, outputTokens, cachedInputTokens }, usageBasis: "per_run", costUsd };
}
