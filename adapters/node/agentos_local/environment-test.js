/** Can this host run the adapter with this configuration? */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { AGENTS } from "./agents/index.js";
import { ConfigError } from "./config-values.js";
import { ADAPTER_TYPE, readConfig, SUPPORTED_AGENTS } from "./config.js";
import { packageVersion, REQUIRED_PACKAGES } from "./runtime.js";
import { probeSidecar } from "./sidecar.js";

const MINIMUM_NODE = [24, 11];

/**
 * @param {{config: Record<string, unknown>}} ctx
 * @returns {Promise<import("@paperclipai/adapter-utils").AdapterEnvironmentTestResult>}
 */
export async function testEnvironment(ctx) {
  const checks = [checkNodeVersion(), checkPackages(ctx.config), checkAgent(ctx.config)];
  const arePackagesThere = checks[1].level === "info";
  let config = null;
  try {
    config = readConfig(ctx.config);
    checks.push(checkModel(config), checkStateDirectory(config));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    checks.push({ code: "agentos_model_configured", level: "error", message: error.message });
  }
  if (arePackagesThere) checks.push(await checkSidecar());
  const levels = checks.map((check) => check.level);
  const status = levels.includes("error") ? "fail" : levels.includes("warn") ? "warn" : "pass";
  return { adapterType: ADAPTER_TYPE, status, checks, testedAt: new Date().toISOString() };
}

function checkNodeVersion() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const isEnough = major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]);
  return {
    code: "agentos_node_version",
    level: isEnough ? "info" : "warn",
    message: `Node ${process.versions.node} runs this adapter.`,
    hint: isEnough ? null : `Use Node ${MINIMUM_NODE.join(".")} or newer.`,
  };
}

function checkPackages(config) {
  const agent = AGENTS[config.agent ?? "pi"] ?? AGENTS.pi;
  const versions = [...REQUIRED_PACKAGES, agent.packageName].map((name) => [name, packageVersion(name)]);
  const missing = versions.filter(([, version]) => version === null).map(([name]) => name);
  return {
    code: "agentos_packages_resolvable",
    level: missing.length ? "error" : "info",
    message: missing.length ? `Not installed: ${missing.join(", ")}.` : "The agent-os packages are installed.",
    detail: versions.map(([name, version]) => `${name} ${version ?? "missing"}`).join(", "),
    hint: missing.length ? "Run npm install in the adapter's package." : null,
  };
}

function checkAgent(config) {
  const agent = config.agent ?? "pi";
  const isSupported = SUPPORTED_AGENTS.includes(agent);
  return {
    code: "agentos_agent_supported",
    level: isSupported ? "info" : "error",
    message: isSupported ? `The agent is ${agent}.` : `The agent "${agent}" is not supported.`,
    hint: isSupported ? null : `Set "agent" to one of ${SUPPORTED_AGENTS.join(", ")}.`,
  };
}

function checkModel(config) {
  const model = `${config.providerId}/${config.modelId}`;
  const provider = config.providers[config.providerId];
  if (!provider) {
    return {
      code: "agentos_model_configured",
      level: "warn",
      message: `The provider "${config.providerId}" of ${model} is not in "providers".`,
      hint: "The agent then uses its own settings for it; give its key in env.",
    };
  }
  return { code: "agentos_model_configured", level: "info", message: `The model is ${model} at ${provider.baseUrl}.` };
}

function checkStateDirectory(config) {
  const code = "agentos_state_dir_writable";
  const probe = path.join(config.stateDir, `.write-test-${randomUUID()}`);
  try {
    fs.mkdirSync(config.stateDir, { recursive: true, mode: 0o700 });
    fs.writeFileSync(probe, "");
    fs.rmSync(probe);
    return { code, level: "info", message: `Session databases are kept in ${config.stateDir}.` };
  } catch (error) {
    return { code, level: "error", message: error.message, hint: 'Set "stateDir" to a directory this user can write.' };
  }
}

async function checkSidecar() {
  const code = "agentos_sidecar_starts";
  try {
    const { milliseconds } = await probeSidecar();
    return { code, level: "info", message: `A sidecar and an empty VM started and stopped in ${milliseconds} ms.` };
  } catch (error) {
    return { code, level: "error", message: `The agent-os sidecar did not start: ${error.message}` };
  }
}
