/** opencode 1.3.13, inside @agentos-software/opencode 0.2.7: configured by environment, read by its database. */
import fs from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { opencodeConfig } from "./opencode-config.js";

const HOME = "/home/agentos";
const DATABASE = path.join("opencode", "opencode-local.db");

export const opencode = {
  name: "opencode",
  packageName: "@agentos-software/opencode",
  /** It logs every step; only warnings and errors mean something to an operator. */
  routineStderr: /^(INFO|DEBUG) |^\[opencode-acp\] (?!.*error)/,

  /** With its own data kept, opencode loads its real messages; else agent-os puts a transcript into the prompt. */
  restoredBy({ config, session }) {
    if (!config.opencodePersistData) return "transcript";
    return fs.existsSync(path.join(keptDataDirectory(session), DATABASE)) ? "native" : "transcript";
  },

  /**
   * Where opencode keeps its own sessions: with the session when that is wanted, else with the run.
   * @param {{runDirectory: string, session: import("../session.js").SessionParams,
   *   config: import("../config.js").AdapterConfig}} places
   * @returns {string} host directory
   */
  dataDirectory({ runDirectory, session, config }) {
    return config.opencodePersistData ? keptDataDirectory(session) : runDirectory;
  },

  /**
   * @param {import("../config.js").AdapterConfig} config @param {string} dataMount guest path
   * @returns {Record<string, string>}
   */
  environment(config, dataMount) {
    return {
      HOME,
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      XDG_DATA_HOME: dataMount,
      OPENCODE_CONFIG_CONTENT: JSON.stringify(opencodeConfig(config)),
      ...config.env,
    };
  },

  async prepare() {},

  /** @returns {Set<string>} ids of the messages of earlier runs. */
  knownMessages: (dataDirectory) => new Set(readMessages(dataDirectory).map((message) => message.id)),

  /**
   * What opencode itself recorded of this run's model answers; its database is written when the session is unloaded.
   * @param {string} dataDirectory @param {Set<string>} known @returns {import("../turn-outcome.js").TurnOutcome | null}
   */
  readOutcome(dataDirectory, known) {
    const isAnswer = (message) => message.role === "assistant" && !known.has(message.id);
    const answers = readMessages(dataDirectory).filter(isAnswer);
    const last = answers.at(-1);
    if (!last) return null;
    return {
      inputTokens: sum(answers, (answer) => answer.tokens?.input),
      outputTokens: sum(answers, (answer) => (answer.tokens?.output ?? 0) + (answer.tokens?.reasoning ?? 0)),
      cachedInputTokens: sum(answers, (answer) => answer.tokens?.cache?.read),
      costUsd: sum(answers, (answer) => answer.cost),
      error: last.error ? readError(last.error) : null,
    };
  },
};

function keptDataDirectory(session) {
  return path.join(path.dirname(session.database), `opencode-data-${session.sessionId}`);
}

function readMessages(dataDirectory) {
  const file = path.join(dataDirectory, DATABASE);
  if (!fs.existsSync(file)) return [];
  const connection = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = connection.prepare("SELECT id, data FROM message ORDER BY time_created, id").all();
    return rows.map((row) => ({ ...JSON.parse(row.data), id: row.id }));
  } finally {
    connection.close();
  }
}

function readError(error) {
  return {
    message: error.data?.message ?? error.name ?? "The model provider failed.",
    status: error.data?.statusCode ?? null,
  };
}

function sum(answers, read) {
  return answers.reduce((total, answer) => total + (read(answer) ?? 0), 0);
}
