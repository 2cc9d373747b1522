/** Paperclip external adapter `agentos_local`: a coding agent in an agent-os VM. */
import { AGENT_CONFIGURATION_DOC, getConfigSchema } from "./config-schema.js";
import { ADAPTER_TYPE } from "./config.js";
import { testEnvironment } from "./environment-test.js";
import { execute } from "./execute.js";
import { sessionCodec } from "./session.js";

/** For hosts that end gracefully; without it the process's exit does the same. */
export { shutdown } from "./sidecar.js";

/** @returns {import("@paperclipai/adapter-utils").ServerAdapterModule} a plain object: Paperclip keeps own properties only. */
export function createServerAdapter() {
  return {
    type: ADAPTER_TYPE,
    execute,
    testEnvironment,
    sessionCodec,
    sessionManagement: {
      supportsSessionResume: true,
      nativeContextManagement: "unknown",
      // A restored pi session carries its whole transcript in the prompt, so sessions are rotated.
      defaultSessionCompaction: {
        enabled: true,
        maxSessionRuns: 200,
        maxRawInputTokens: 2_000_000,
        maxSessionAgeHours: 72,
      },
    },
    supportsLocalAgentJwt: true,
    models: [],
    getConfigSchema,
    agentConfigurationDoc: AGENT_CONFIGURATION_DOC,
  };
}
