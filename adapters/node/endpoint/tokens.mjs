// Token counts where no tokenizer is to be trusted: characters / 4, rounded up. Equal bytes give equal counts.

export const TOKEN_BASIS = "characters / 4";

export function estimateTokens(text) {
  return Math.ceil(text.length / 4);
}

function characters(value) {
  if (typeof value === "string") return value.length;
  if (value === null || typeof value !== "object") return 0;
  return Object.values(value).reduce((sum, part) => sum + characters(part), 0);
}

/** Message text, tool calls and tool definitions; roles, ids and keys are not counted. */
export function estimateInputTokens(request) {
  const spoken = (request.messages ?? []).map((message) => [
    message.content,
    (message.tool_calls ?? []).map((call) => [call.function?.name, call.function?.arguments]),
  ]);
  const tools = request.tools?.length ? JSON.stringify(request.tools).length : 0;
  return Math.ceil((characters(spoken) + tools) / 4);
}
