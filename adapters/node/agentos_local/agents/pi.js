/** pi 0.2.7 for agent-os: what it needs in the VM and where its outcome is read. */
import fs from "node:fs";
import path from "node:path";

const HOME = "/home/agentos";
/** The ACP adapter inside the VM reads `$HOME/.pi/agent`, whatever PI_CODING_AGENT_DIR says. */
const AGENT_DIR = `${HOME}/.pi/agent`;
const MESSAGES_FILE = "pi-messages.jsonl";

export const pi = {
  name: "pi",
  packageName: "@agentos-software/pi",
  /** Lines of its stderr that mean nothing to an operator: the answer to the probe below. */
  routineStderr: /Failed to load extension .*agentos-local-probe/,
  /** It has no loadSession: agent-os hands the stored transcript over as text. */
  restoredBy: () => "transcript",

  /** @param {{runDirectory: string}} places host directory of this run, shared with the guest @returns {string} */
  dataDirectory: ({ runDirectory }) => runDirectory,

  /** @param {import("../config.js").AdapterConfig} config @returns {Record<string, string>} */
  environment(config) {
    return { HOME, PI_CODING_AGENT_DIR: AGENT_DIR, ...config.env };
  },

  /**
   * Write pi's own configuration files.
   * @param {any} vm @param {import("../config.js").AdapterConfig} config @param {string} dataMount guest path
   */
  async prepare(vm, config, dataMount) {
    const settings = { defaultProvider: config.providerId, defaultModel: config.modelId };
    await vm.filesystem.mkdir(`${AGENT_DIR}/extensions`, { recursive: true });
    await vm.filesystem.writeFile(`${AGENT_DIR}/models.json`, JSON.stringify({ providers: config.providers }));
    await vm.filesystem.writeFile(`${AGENT_DIR}/settings.json`, JSON.stringify(settings));
    await vm.filesystem.writeFile(
      `${AGENT_DIR}/extensions/agentos-local-probe.js`,
      probeSource(`${dataMount}/${MESSAGES_FILE}`),
    );
  },

  /** Nothing is kept between runs, so nothing needs to be told apart. */
  knownMessages: () => new Set(),

  /**
   * What pi itself recorded of this run's model answers.
   * @param {string} dataDirectory @returns {import("../turn-outcome.js").TurnOutcome | null} null when it recorded nothing
   */
  readOutcome(dataDirectory) {
    const file = path.join(dataDirectory, MESSAGES_FILE);
    if (!fs.existsSync(file)) return null;
    const messages = fs
      .readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const last = messages.at(-1);
    if (!last) return null;
    const isError = last.stopReason === "error";
    return {
      inputTokens: sum(messages, (message) => message.usage?.input),
      outputTokens: sum(messages, (message) => message.usage?.output),
      cachedInputTokens: sum(messages, (message) => message.usage?.cacheRead),
      costUsd: sum(messages, (message) => message.usage?.cost?.total),
      error: isError
        ? { message: last.errorMessage || "The model provider failed.", status: leadingStatus(last.errorMessage) }
        : null,
    };
  },
};

/**
 * agent-os passes on neither pi's token counts nor its errors (they look like an answer), and pi keeps its session in
 * memory. This file is loaded like an extension but exports none, so that pi keeps the same resources and prompt as
 * without it; it adds a listener to pi's own session and notes every finished answer of the model.
 */
function probeSource(guestFile) {
  return `"use strict";
const fs = require("node:fs");
const runtime = globalThis.__PI_SDK_RUNTIME__;
if (runtime && !runtime.agentosLocalProbe) {
  const createAgentSession = runtime.createAgentSession;
  runtime.agentosLocalProbe = true;
  runtime.createAgentSession = async (options) => {
    const created = await createAgentSession(options);
    created.session.subscribe((event) => {
      if (event.type !== "message_end" || event.message?.role !== "assistant") return;
      const { usage, stopReason, errorMessage } = event.message;
      fs.appendFileSync(${JSON.stringify(guestFile)}, JSON.stringify({ usage, stopReason, errorMessage }) + "\\n");
    });
    return created;
  };
}
module.exports = {};
`;
}

function sum(messages, read) {
  return messages.reduce((total, message) => total + (read(message) ?? 0), 0);
}

/** pi writes a provider's HTTP status first: "401 invalid key". */
function leadingStatus(text) {
  const match = /^(\d{3})\b/.exec(text ?? "");
  return match ? Number(match[1]) : null;
}
