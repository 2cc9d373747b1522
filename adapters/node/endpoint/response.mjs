// What a model response said, read from the bytes that were sent: chat completions and Responses, streamed or whole.
import { estimateTokens } from "./tokens.mjs";

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // A stream that broke off ends in half a message.
  }
}

/** The JSON messages of a response: one, or one for each `data:` line. */
function messagesOf(text) {
  if (!/^(event|data):/m.test(text)) return [parsed(text)].filter(Boolean);
  const data = text.split("\n").filter((line) => line.startsWith("data: {"));
  return data.map((line) => parsed(line.slice("data: ".length))).filter(Boolean);
}

function readChat(message, said) {
  for (const choice of message.choices ?? []) {
    const part = choice.delta ?? choice.message ?? {};
    said.text += part.content ?? "";
    said.text += part.reasoning_content ?? "";
    for (const call of part.tool_calls ?? []) {
      said.callsTools = true;
      said.text += (call.function?.name ?? "") + (call.function?.arguments ?? "");
    }
  }
  if (message.usage) said.usage = message.usage;
}

function readResponsesOutput(items, said) {
  for (const item of items ?? []) {
    if (item.type === "function_call") {
      said.callsTools = true;
      said.text += item.name + item.arguments;
    }
    for (const part of [...(item.content ?? []), ...(item.summary ?? [])]) said.text += part.text ?? "";
  }
}

function readResponses(message, said) {
  const whole = message.type === "response.completed" ? message.response : message.object === "response" ? message : null;
  if (!whole) return;
  readResponsesOutput(whole.output, said);
  if (whole.usage) said.usage = whole.usage;
}

/** @returns {{kind: "text"|"tool_calls"|"error"|"none", outputTokens: number, usage: object|null}} */
export function readResponse(status, text) {
  const said = { text: "", callsTools: false, usage: null };
  for (const message of messagesOf(text)) {
    readChat(message, said);
    readResponses(message, said);
  }
  const answered = said.callsTools ? "tool_calls" : said.text || said.usage ? "text" : "none";
  return { kind: status >= 400 ? "error" : answered, outputTokens: estimateTokens(said.text), usage: said.usage };
}
