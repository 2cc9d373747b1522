// A beat's script as aimock fixtures: one for each reply, chosen by the decision made for the request.
import { estimateInputTokens, estimateTokens } from "./tokens.mjs";

const AUXILIARY_TEXT = "Scripted heartbeat";
const OFF_SCRIPT_TEXT = "(the script has no further turn)";
const CHUNK_CHARACTERS = 20;
const CHARACTERS_PER_TOKEN = 4;

/** Whether cutting every `size` UTF-16 units would part a surrogate pair. */
function cutsPair(text, size) {
  for (let at = size; at < text.length; at += size) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xdc00 && unit <= 0xdfff) return true;
  }
  return false;
}

/** aimock cuts by UTF-16 unit; a real provider never sends half a character. */
export function chunkSizeFor(texts) {
  const longest = Math.max(CHUNK_CHARACTERS, ...texts.map((text) => text.length));
  for (let size = CHUNK_CHARACTERS; size < longest; size += 1) {
    if (!texts.some((text) => cutsPair(text, size))) return size;
  }
  return longest;
}

/** aimock's response for a reply, with usage that follows from the request alone. */
function responseOf(reply, request) {
  const toolCalls = reply.tool_calls ?? [];
  const spoken = [reply.thinking ?? "", reply.text ?? "", ...toolCalls.map((call) => call.name + call.arguments)];
  const usage = { prompt_tokens: estimateInputTokens(request), completion_tokens: estimateTokens(spoken.join("")) };
  return {
    ...(reply.text || toolCalls.length === 0 ? { content: reply.text ?? "" } : {}),
    ...(toolCalls.length > 0 ? { toolCalls } : {}),
    ...(reply.thinking ? { reasoning: reply.thinking } : {}),
    usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens },
  };
}

function streamingOf(reply) {
  const calls = reply.tool_calls ?? [];
  const chunkSize = chunkSizeFor([reply.text ?? "", reply.thinking ?? "", ...calls.map((call) => call.arguments)]);
  const tps = (reply.tokens_per_second ?? 0) / (chunkSize / CHARACTERS_PER_TOKEN);
  return { chunkSize, streamingProfile: { ttft: reply.first_token_ms ?? 0, tps } };
}

function fixtureOf(reply, answers) {
  return {
    match: { predicate: (request) => answers(request, reply) },
    response: (request) => responseOf(reply, request),
    ...streamingOf(reply),
  };
}

/**
 * @param {object[]} turns
 * @param {(request: object) => ReturnType<import("./decide.mjs").decide>} decisionFor
 */
export function fixturesFor(turns, decisionFor) {
  const replies = turns.flatMap((turn) => (turn.otherwise ? [turn, turn.otherwise] : [turn]));
  const scripted = replies.map((reply) => fixtureOf(reply, (request, own) => decisionFor(request).reply === own));
  const auxiliary = fixtureOf({ text: AUXILIARY_TEXT }, (request) => decisionFor(request).kind === "auxiliary");
  const offScript = fixtureOf({ text: OFF_SCRIPT_TEXT }, (request) => decisionFor(request).kind === "off_script");
  return [...scripted, auxiliary, offScript];
}
