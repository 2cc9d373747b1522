/** The text of a heartbeat, put together in Paperclip's order. */

/**
 * @param {object} ctx Paperclip's execution context
 * @param {import("./config.js").AdapterConfig} config
 * @param {boolean} isResumed
 * @returns {{text: string, metrics: Record<string, number>}} metrics are lengths in characters
 */
export function buildPrompt(ctx, config, isResumed) {
  const data = {
    agentId: ctx.agent.id,
    companyId: ctx.agent.companyId,
    runId: ctx.runId,
    company: { id: ctx.agent.companyId },
    agent: ctx.agent,
    run: { id: ctx.runId, source: "on_demand" },
    context: ctx.context,
  };
  const bootstrap = isResumed ? "" : renderTemplate(config.bootstrapPromptTemplate, data).trim();
  const wake = wakeSection(ctx.context.paperclipWake, isResumed);
  const handoff = readText(ctx.context.paperclipSessionHandoffMarkdown);
  const heartbeat = isResumed && wake ? "" : renderTemplate(config.promptTemplate, data).trim();
  const text = [bootstrap, wake, handoff, heartbeat].filter(Boolean).join("\n\n");
  return {
    text,
    metrics: {
      promptChars: text.length,
      bootstrapPromptChars: bootstrap.length,
      wakePromptChars: wake.length,
      sessionHandoffChars: handoff.length,
      heartbeatPromptChars: heartbeat.length,
    },
  };
}

/** What woke the agent, as Paperclip's own adapters head it; the payload itself goes in as JSON. */
function wakeSection(wake, isResumed) {
  if (!isObject(wake) || Object.keys(wake).length === 0) return "";
  const title = isResumed ? "## Paperclip Resume Delta" : "## Paperclip Wake Payload";
  return `${title}\n\n\`\`\`json\n${JSON.stringify(wake, null, 2)}\n\`\`\``;
}

/** Replace `{{a.b.c}}`; an unknown path becomes empty text (rule of @paperclipai/adapter-utils renderTemplate). */
export function renderTemplate(template, data) {
  return template.replace(/{{\s*([a-zA-Z0-9_.-]+)\s*}}/g, (_, path) => {
    const value = path.split(".").reduce((node, key) => (isObject(node) ? node[key] : undefined), data);
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    return isObject(value) ? JSON.stringify(value) : "";
  });
}

function isObject(value) {
  return value !== null && typeof value === "object";
}

function readText(value) {
  return typeof value === "string" ? value.trim() : "";
}
