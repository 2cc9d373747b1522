/** opencode (1.3.13 inside @agentos-software/opencode 0.2.7) for agent-os: configuration by environment only. */
import path from "node:path";

const HOME = "/home/agentos";
const DATA_MOUNT = "/opencode-data";

export const opencode = {
  name: "opencode",
  packageName: "@agentos-software/opencode",
  restoredBy: (config) => (config.opencodePersistData ? "native" : "transcript"),

  /** opencode's own data directory on the host, so that it finds its session again in a new VM. */
  mounts(config, sessionDirectory) {
    if (!config.opencodePersistData) return [];
    return [{ path: DATA_MOUNT, hostPath: path.join(sessionDirectory, "opencode-data") }];
  },

  /** @param {import("../config.js").AdapterConfig} config @returns {Record<string, string>} */
  environment(config) {
    return {
      HOME,
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      ...(config.opencodePersistData ? { XDG_DATA_HOME: DATA_MOUNT } : {}),
      OPENCODE_CONFIG_CONTENT: JSON.stringify(opencodeConfig(config)),
      ...config.env,
    };
  },

  async prepare() {},
};

/** Providers are translated to opencode's own shape; its model limits use other names. */
function opencodeConfig(config) {
  const provider = Object.fromEntries(
    Object.entries(config.providers).map(([id, entry]) => [id, opencodeProvider(id, entry)]),
  );
  return { autoupdate: false, share: "disabled", model: `${config.providerId}/${config.modelId}`, provider };
}

function opencodeProvider(id, provider) {
  const models = provider.models.map((model) => [
    model.id,
    {
      name: model.name ?? model.id,
      limit: { context: model.contextWindow ?? 128000, output: model.maxTokens ?? 4096 },
      ...(model.cost ? { cost: { input: model.cost.input ?? 0, output: model.cost.output ?? 0 } } : {}),
    },
  ]);
  return {
    npm: "@ai-sdk/openai-compatible",
    name: id,
    options: { baseURL: provider.baseUrl, apiKey: provider.apiKey },
    models: Object.fromEntries(models),
  };
}
