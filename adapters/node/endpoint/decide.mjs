// Which scripted turn answers a request: read from the request alone, so that a retry gets the same turn again.

const CALL_ID_TURN = /^(call_b\d+_t\d+)_c\d+$/;

/** The scripted turn that an assistant message came from, if its tool calls carry the script's own ids. */
function scriptedTurnOf(message) {
  for (const call of message.tool_calls ?? []) {
    const [, turn] = CALL_ID_TURN.exec(call.id ?? "") ?? [];
    if (turn) return turn;
  }
  return null;
}

/**
 * How many model turns follow the last user message. aimock gives each function call of the Responses API a message of
 * its own, so neighbours are one turn, and so are calls whose ids name one turn, even with results between them.
 */
export function turnsSinceUser(messages) {
  const current = messages.slice(messages.findLastIndex((message) => message.role === "user") + 1);
  let turns = 0;
  let previousRole = "user";
  let previousTurn = null;
  for (const message of current) {
    if (message.role === "assistant") {
      const turn = scriptedTurnOf(message);
      const continues = previousRole === "assistant" || (turn !== null && turn === previousTurn);
      if (!continues) turns += 1;
      previousTurn = turn ?? (continues ? previousTurn : null);
    }
    previousRole = message.role;
  }
  return turns;
}

/** All text of a message list, wherever it is nested. */
export function textOf(value) {
  if (typeof value === "string") return value;
  if (value === null || typeof value !== "object") return "";
  return Object.values(value).map(textOf).join("\n");
}

/** The turn's reply: its own, or `otherwise` when the request lacks one of the `if_seen` texts. */
function replyOf(turn, messages) {
  if (!turn.if_seen?.length) return { reply: turn, branch: "plain" };
  const text = textOf(messages);
  const seen = turn.if_seen.every((canary) => text.includes(canary));
  return seen ? { reply: turn, branch: "seen" } : { reply: turn.otherwise, branch: "otherwise" };
}

/**
 * @param {{messages: object[], tools?: object[]}} request as aimock normalises it, whatever the provider's dialect
 * @param {object[]} turns the beat's script
 */
export function decide(request, turns) {
  if (!request.tools?.length) return { kind: "auxiliary", turnIndex: null, branch: null, reply: null };
  const turnIndex = turnsSinceUser(request.messages);
  if (turnIndex >= turns.length) return { kind: "off_script", turnIndex, branch: null, reply: null };
  return { kind: "scripted", turnIndex, ...replyOf(turns[turnIndex], request.messages) };
}
