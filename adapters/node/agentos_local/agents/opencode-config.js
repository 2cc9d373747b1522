/**
 * Model providers for the opencode inside @agentos-software/opencode 0.2.7 (1.3.13).
 * Its ACP build knows only fixed provider and model ids (no openai-compatible provider, and a model it does not list is
 * silently replaced by another), so a provider takes the place of the listed one that speaks the same protocol; the
 * place's `id`, `baseURL` and `apiKey` decide what really goes over the wire.
 */

/** Protocol (pi's `api` names) -> the listed provider and model which speak it. */
const PLACES = {
  "openai-completions": { provider: "groq", model: "llama-3.3-70b-versatile" },
  "openai-responses": { provider: "openai", model: "gpt-5" },
  "anthropic-messages": { provider: "anthropic", model: "claude-sonnet-4-20250514" },
  "google-generative-ai": { provider: "google", model: "gemini-2.5-pro" },
};

/** Protocols a provider of opencode may speak. */
export const OPENCODE_APIS = Object.keys(PLACES);

/**
 * @param {import("../config.js").AdapterConfig} config
 * @returns {object} the content of OPENCODE_CONFIG_CONTENT
 */
export function opencodeConfig(config) {
  const common = { autoupdate: false, share: "disabled" };
  const provider = config.providers[config.providerId];
  if (!provider) return { ...common, model: `${config.providerId}/${config.modelId}` };
  const place = PLACES[provider.api];
  const model = provider.models.find((entry) => entry.id === config.modelId) ?? { id: config.modelId };
  return {
    ...common,
    model: `${place.provider}/${place.model}`,
    provider: {
      [place.provider]: {
        options: { baseURL: provider.baseUrl, apiKey: provider.apiKey },
        models: { [place.model]: opencodeModel(model) },
      },
    },
  };
}

function opencodeModel(model) {
  const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0 } = model.cost ?? {};
  return {
    id: model.id,
    name: model.name ?? model.id,
    limit: { context: model.contextWindow ?? 128000, output: model.maxTokens ?? 4096 },
    cost: { input, output, cache_read: cacheRead, cache_write: cacheWrite },
  };
}
