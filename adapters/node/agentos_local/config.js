/** The adapter's configuration: read from untyped JSON, checked, and given defaults. */
import os from "node:os";
import path from "node:path";
import { OPENCODE_APIS } from "./agents/opencode-config.js";
import { ConfigError, readNumber, readOptionalObject, readText, readToggle } from "./config-values.js";
import { readProviders } from "./providers.js";

export const ADAPTER_TYPE = "agentos_local";
export const SUPPORTED_AGENTS = ["pi", "opencode"];
export const DEFAULT_PROMPT_TEMPLATE = "You are agent {{agent.id}} ({{agent.name}}). Continue your Paperclip work.";

/**
 * @typedef {object} AdapterConfig
 * @property {"pi" | "opencode"} agent
 * @property {string} providerId
 * @property {string} modelId
 * @property {Record<string, import("./providers.js").Provider>} providers
 * @property {string} cwd empty when not configured
 * @property {number} timeoutSec 0 means no limit
 * @property {number} graceSec
 * @property {string} promptTemplate
 * @property {string} bootstrapPromptTemplate
 * @property {Record<string, string>} env
 * @property {string} stateDir absolute
 * @property {string} mountPath
 * @property {boolean} opencodeClearStoredConfigOptions
 * @property {boolean} opencodePersistData
 * @property {Record<string, unknown> | null} permissions
 */

/**
 * @param {Record<string, unknown>} raw
 * @returns {AdapterConfig}
 * @throws {ConfigError}
 */
export function readConfig(raw) {
  const agent = readText(raw, "agent", "pi");
  if (!SUPPORTED_AGENTS.includes(agent)) {
    throw new ConfigError(`agentos_local: "agent" is "${agent}"; set it to one of ${SUPPORTED_AGENTS.join(", ")}.`);
  }
  const env = readEnvironment(raw.env);
  const providers = readProviders(raw.providers ?? env.PAPERCLIP_PI_PROVIDERS, env);
  const model = splitModel(readText(raw, "model", ""), providers);
  if (agent === "opencode") checkOpencodeApi(model.providerId, providers);
  return {
    agent: /** @type {"pi" | "opencode"} */ (agent),
    ...model,
    providers,
    cwd: readText(raw, "cwd", ""),
    timeoutSec: readNumber(raw, "timeoutSec", 0),
    graceSec: readNumber(raw, "graceSec", 20),
    promptTemplate: readText(raw, "promptTemplate", "") || DEFAULT_PROMPT_TEMPLATE,
    bootstrapPromptTemplate: readText(raw, "bootstrapPromptTemplate", ""),
    env,
    stateDir: path.resolve(readText(raw, "stateDir", "") || path.join(os.homedir(), ".agentos-local")),
    mountPath: readMountPath(raw),
    opencodeClearStoredConfigOptions: readToggle(raw, "opencodeClearStoredConfigOptions"),
    opencodePersistData: readToggle(raw, "opencodePersistData"),
    permissions: readOptionalObject(raw, "permissions"),
  };
}

/** Split "provider/model"; only the first slash divides, model ids may hold more. */
function splitModel(model, providers) {
  const slash = model.indexOf("/");
  if (slash < 1 || slash === model.length - 1) {
    throw new ConfigError(`agentos_local: "model" is "${model}"; write it as "provider/model", e.g. "openai/gpt-5".`);
  }
  const providerId = model.slice(0, slash);
  const modelId = model.slice(slash + 1);
  const provider = providers[providerId];
  if (provider && !provider.models.some((entry) => entry.id === modelId)) {
    throw new ConfigError(
      `agentos_local: "model" asks for "${modelId}", but "providers.${providerId}.models" does not list it; add it there.`,
    );
  }
  return { providerId, modelId };
}

function checkOpencodeApi(providerId, providers) {
  const api = providers[providerId]?.api;
  if (api === undefined || OPENCODE_APIS.includes(api)) return;
  throw new ConfigError(
    `agentos_local: opencode in agent-os does not speak "${api}"; set "providers.${providerId}.api" to one of ${OPENCODE_APIS.join(", ")}.`,
  );
}

function readEnvironment(value) {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new ConfigError('agentos_local: "env" must be an object of variable names and texts.');
  }
  /** @type {Record<string, string>} */
  const env = {};
  for (const [name, entry] of Object.entries(value)) {
    const text = entry !== null && typeof entry === "object" ? entry.value : entry;
    if (typeof text === "string") env[name] = text;
    else if (typeof text === "number" || typeof text === "boolean") env[name] = String(text);
    else throw new ConfigError(`agentos_local: "env.${name}" must be a text.`);
  }
  return env;
}

function readMountPath(raw) {
  const mountPath = readText(raw, "mountPath", "") || "/workspace";
  if (!path.posix.isAbsolute(mountPath) || path.posix.normalize(mountPath) === "/") {
    throw new ConfigError(
      `agentos_local: "mountPath" is "${mountPath}"; give an absolute directory of the guest below "/".`,
    );
  }
  return path.posix.normalize(mountPath).replace(/\/$/, "");
}
