// Turns this adapter's log lines (run-log.js) into Paperclip transcript entries.
// Paperclip's board evaluates this file as the body of a function that is given `exports` (ui/src/adapters/
// sandboxed-parser-worker.ts), where `export` is a syntax error and imports are forbidden; hence CommonJS and one file.
"use strict";

/** @returns {{parseLine(line: string, ts: string): object[], reset(): void}} a parser for one run */
exports.createStdoutParser = function createStdoutParser() {
  let state = newState();
  return {
    parseLine: (line, ts) => parseLine(state, line, ts),
    reset() {
      state = newState();
    },
  };
};

/** Without memory of earlier lines, streamed text and repeated tool events cannot be told from new ones. */
exports.parseStdoutLine = function parseStdoutLine(line, ts) {
  return parseLine(newState(), line, ts);
};

function newState() {
  return { tools: new Map(), streamedText: "", streamedThought: "", saidText: "" };
}

function parseLine(state, line, ts) {
  const text = line.trim();
  if (text === "") return [];
  const event = parseEvent(text);
  if (event === null) return [{ kind: "stdout", ts, text }];
  if (event.type === "agentos.session") return [{ kind: "init", ts, model: event.model, sessionId: event.sessionId }];
  if (event.type === "agentos.notice") return [{ kind: "system", ts, text: event.message }];
  if (event.type === "agentos.result") return [resultEntry(state, event, ts)];
  if (event.type === "agentos.error") return [errorEntry(event, ts)];
  if (event.type === "agentos.update") return updateEntries(state, event, ts);
  return [{ kind: "stdout", ts, text }];
}

function parseEvent(text) {
  if (!text.startsWith("{")) return null;
  try {
    const event = JSON.parse(text);
    return typeof event.type === "string" && event.type.startsWith("agentos.") ? event : null;
  } catch {
    return null;
  }
}

function updateEntries(state, event, ts) {
  const update = event.update;
  switch (update.sessionUpdate) {
    case "agent_message_chunk":
      return messageEntries(state, event, ts);
    case "agent_thought_chunk":
      return textEntries(state, "streamedThought", { kind: "thinking", ts }, event);
    case "tool_call":
    case "tool_call_update":
      return toolEntries(state, update, ts);
    case "permission_request":
      return [
        { kind: "system", ts, text: `The agent asks for permission: ${update.toolCall?.title ?? "a tool call"}` },
      ];
    default:
      return [];
  }
}

function messageEntries(state, event, ts) {
  const entries = textEntries(state, "streamedText", { kind: "assistant", ts }, event);
  for (const entry of entries) state.saidText += entry.text;
  return entries;
}

/**
 * Text comes in ephemeral pieces and then once more as a durable whole. agent-os holds the wholes of a turn, and the
 * tool events between them, back until the turn ends, so several may follow all of their pieces: each takes its own
 * length from what was streamed, and counts only where nothing was.
 */
function textEntries(state, streamed, entry, event) {
  const content = event.update.content;
  const text = content?.type === "text" ? content.text : `[${content?.type ?? "empty"}]`;
  if (event.durability === "ephemeral") {
    state[streamed] += text;
    return [{ ...entry, text, delta: true }];
  }
  const wasStreamed = state[streamed].startsWith(text);
  state[streamed] = wasStreamed ? state[streamed].slice(text.length) : "";
  return wasStreamed ? [] : [{ ...entry, text }];
}

/** agent-os sends most tool events twice, and a call's input while the model still writes it: one call, one result. */
function toolEntries(state, update, ts) {
  const id = update.toolCallId;
  const tool = state.tools.get(id) ?? {
    name: update.title ?? update.kind ?? "tool",
    input: {},
    isCalled: false,
    isDone: false,
  };
  state.tools.set(id, tool);
  if (tool.isDone) return [];
  tool.input = update.rawInput ?? tool.input;
  const isDone = update.status === "completed" || update.status === "failed";
  const entries = [];
  if (!tool.isCalled && (isDone || update.status === "in_progress")) {
    tool.isCalled = true;
    entries.push({ kind: "tool_call", ts, name: tool.name, input: tool.input, toolUseId: id });
  }
  if (isDone) {
    tool.isDone = true;
    const isError = update.status === "failed";
    entries.push({ kind: "tool_result", ts, toolUseId: id, toolName: tool.name, content: toolText(update), isError });
  }
  return entries;
}

function toolText(update) {
  const parts = (update.content ?? []).map((part) => {
    if (part.type === "diff") return `edited ${part.path}`;
    return part.content?.type === "text" ? part.content.text : "";
  });
  const text = parts.filter(Boolean).join("\n");
  if (text !== "") return text;
  const output = update.rawOutput;
  if (output === undefined || output === null) return "";
  return typeof output.output === "string" ? output.output : JSON.stringify(output);
}

/** Paperclip's board shows a result's text as a message: what the agent has said is not said again. */
function resultEntry(state, event, ts) {
  const text = event.text ?? "";
  return {
    kind: "result",
    ts,
    text: state.saidText.includes(text) ? "" : text,
    inputTokens: event.usage?.inputTokens ?? 0,
    outputTokens: event.usage?.outputTokens ?? 0,
    cachedTokens: event.usage?.cachedInputTokens ?? 0,
    costUsd: event.costUsd ?? 0,
    subtype: event.stopReason ?? "end_turn",
    isError: false,
    errors: [],
  };
}

function errorEntry(event, ts) {
  const empty = { text: "", inputTokens: 0, outputTokens: 0, cachedTokens: 0, costUsd: 0 };
  return { kind: "result", ts, ...empty, subtype: event.errorCode, isError: true, errors: [event.message] };
}
