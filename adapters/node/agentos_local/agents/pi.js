/** pi 0.2.7 for agent-os: what it needs in the VM and how its results are read. */

const HOME = "/home/agentos";
/** The adapter inside the VM reads `$HOME/.pi/agent`, whatever PI_CODING_AGENT_DIR says. */
const AGENT_DIR = `${HOME}/.pi/agent`;

export const pi = {
  name: "pi",
  packageName: "@agentos-software/pi",
  /** It has no loadSession: agent-os hands the stored transcript over as text. */
  restoredBy: () => "transcript",
  mounts: () => [],

  /** @param {import("../config.js").AdapterConfig} config @returns {Record<string, string>} */
  environment(config) {
    return { HOME, PI_CODING_AGENT_DIR: AGENT_DIR, ...config.env };
  },

  /** Write pi's own configuration files. @param {any} vm @param {import("../config.js").AdapterConfig} config */
  async prepare(vm, config) {
    await vm.filesystem.mkdir(AGENT_DIR, { recursive: true });
    await vm.filesystem.writeFile(`${AGENT_DIR}/models.json`, JSON.stringify({ providers: config.providers }));
    const settings = { defaultProvider: config.providerId, defaultModel: config.modelId };
    await vm.filesystem.writeFile(`${AGENT_DIR}/settings.json`, JSON.stringify(settings));
  },
};
