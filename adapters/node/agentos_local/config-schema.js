/** The declarative form of the configuration, for Paperclip's agent editor. */
import { OPENCODE_APIS } from "./agents/opencode-config.js";
import { DEFAULT_PROMPT_TEMPLATE, SUPPORTED_AGENTS } from "./config.js";

/** @returns {import("@paperclipai/adapter-utils").AdapterConfigSchema} */
export function getConfigSchema() {
  return {
    fields: [
      {
        key: "agent",
        label: "Agent",
        type: "select",
        options: SUPPORTED_AGENTS.map((agent) => ({ label: agent, value: agent })),
        default: "pi",
        hint: "The coding agent that runs inside the VM.",
      },
      { key: "model", label: "Model", type: "text", required: true, hint: 'As "provider/model", e.g. "openai/gpt-5".' },
      {
        key: "providers",
        label: "Model providers (JSON)",
        type: "textarea",
        hint:
          "Provider id -> {baseUrl, api, apiKey, models: [{id, ...}]}, the shape of PAPERCLIP_PI_PROVIDERS (also read from env). " +
          `Texts may hold {env:NAME}. With opencode, api is one of ${OPENCODE_APIS.join(", ")}.`,
      },
      { key: "cwd", label: "Working directory", type: "text", hint: "Used when the run has no workspace." },
      {
        key: "mountPath",
        label: "Workspace in the VM",
        type: "text",
        default: "/workspace",
        hint: "Where the guest sees the workspace.",
      },
      {
        key: "promptTemplate",
        label: "Prompt template",
        type: "textarea",
        default: DEFAULT_PROMPT_TEMPLATE,
        hint: "{{agent.name}}, {{context.issueId}} and the like are replaced.",
      },
      {
        key: "bootstrapPromptTemplate",
        label: "Bootstrap prompt template",
        type: "textarea",
        hint: "Put before the prompt in a new session only.",
      },
      {
        key: "env",
        label: "Environment (JSON)",
        type: "textarea",
        hint: "Variables for the agent. Nothing else of the host's environment reaches it.",
      },
      {
        key: "timeoutSec",
        label: "Time limit (s)",
        type: "number",
        default: 0,
        hint: "For the whole run; 0 means none.",
      },
      {
        key: "graceSec",
        label: "Grace time (s)",
        type: "number",
        default: 20,
        hint: "After a cancel, before the sidecar process is killed.",
      },
      {
        key: "stateDir",
        label: "State directory",
        type: "text",
        hint: "Where session databases live; default ~/.agentos-local.",
      },
      {
        key: "opencodeClearStoredConfigOptions",
        label: "Clear opencode's stored options before a restore",
        type: "toggle",
        default: false,
        hint: "Works round agent-os 0.2.21, which cannot restore opencode sessions (session/set_config_option: Method not found).",
      },
      {
        key: "opencodePersistData",
        label: "Keep opencode's own data",
        type: "toggle",
        default: false,
        hint: "With the toggle above, a session is resumed with its real messages instead of a transcript in the prompt.",
      },
      {
        key: "permissions",
        label: "VM permissions (JSON)",
        type: "textarea",
        hint: 'agent-os permissions {fs, network, childProcess, process, env, hostFunction}; default {"network": "allow"}.',
      },
    ],
  };
}

/** Markdown for the author of an agent. */
export const AGENT_CONFIGURATION_DOC = `# agentos_local

Runs pi or opencode inside an agent-os VM. The workspace is mounted read-write; the rest of the host's files is not visible,
and of the host's loopback only the ports of the configured model providers are reachable.

${getConfigSchema()
  .fields.map(
    (field) => `- \`${field.key}\` (${field.type}${field.required ? ", required" : ""}): ${field.hint ?? field.label}`,
  )
  .join("\n")}
`;
