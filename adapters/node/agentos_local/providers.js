/** Model providers in the shape of PAPERCLIP_PI_PROVIDERS, which is also the shape of pi's models.json. */
import { ConfigError, parseJsonText } from "./config-values.js";

/**
 * @typedef {{baseUrl: string, api: string, apiKey: string, models: {id: string, [field: string]: unknown}[],
 *   [field: string]: unknown}} Provider
 */

/**
 * @param {unknown} value an object, its JSON text, or nothing
 * @param {Record<string, string>} env variables for `{env:NAME}` in texts; the host's own are used when it has none
 * @returns {Record<string, Provider>}
 * @throws {ConfigError}
 */
export function readProviders(value, env) {
  const providers = parseJsonText(value, "providers");
  if (providers === undefined || providers === null) return {};
  if (typeof providers !== "object" || Array.isArray(providers)) {
    throw new ConfigError('agentos_local: "providers" must be an object of provider ids.');
  }
  return Object.fromEntries(Object.entries(providers).map(([id, provider]) => [id, readProvider(id, provider, env)]));
}

function readProvider(id, value, env) {
  const field = `providers.${id}`;
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new ConfigError(`agentos_local: "${field}" must be an object with baseUrl, api, apiKey and models.`);
  }
  const provider = expandVariables(value, env);
  if (typeof provider.baseUrl !== "string" || !URL.canParse(provider.baseUrl)) {
    throw new ConfigError(`agentos_local: "${field}.baseUrl" must be a URL, e.g. "http://127.0.0.1:8080/v1".`);
  }
  const models = provider.models ?? [];
  if (!Array.isArray(models) || models.some((model) => typeof model?.id !== "string")) {
    throw new ConfigError(`agentos_local: "${field}.models" must be a list of objects with an "id".`);
  }
  // pi takes a provider without a key for one that is not set up.
  return { api: "openai-completions", ...provider, apiKey: provider.apiKey || "none", models };
}

function expandVariables(value, env) {
  if (typeof value === "string") {
    return value.replace(/\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name) => env[name] ?? process.env[name] ?? "");
  }
  if (Array.isArray(value)) return value.map((entry) => expandVariables(entry, env));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, expandVariables(entry, env)]));
}

/**
 * Ports on this machine's loopback which a list of URLs uses; the guest may reach no other.
 * @param {string[]} urls @returns {number[]}
 */
export function loopbackPorts(urls) {
  const ports = new Set();
  for (const text of urls) {
    const url = new URL(text);
    const isLoopback = url.hostname === "localhost" || url.hostname === "[::1]" || url.hostname.startsWith("127.");
    if (isLoopback) ports.add(Number(url.port || (url.protocol === "https:" ? 443 : 80)));
  }
  return [...ports];
}
