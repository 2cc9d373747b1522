/** The VM of one run: software, workspace, network and session store. */
import { AGENTS } from "./agents/index.js";
import { loopbackPorts } from "./providers.js";
import { loadAgentOs, loadAgentSoftware } from "./runtime.js";
import path from "node:path";
import fs from "node:fs";

/** Host directories are shown to the guest as owned by root; as any other user its shell could not write in them. */
const GUEST_USER = { uid: 0, gid: 0, username: "agentos", homedir: "/home/agentos" };

/**
 * @param {{sidecar: any, config: import("./config.js").AdapterConfig, session: import("./session.js").SessionParams,
 *   onAgentStderr: (text: string) => void, onAgentExit: (event: object) => void, onLimitWarning: (warning: object) => void,
 *   extraUrls: string[]}} input
 * @returns {Promise<any>} an agent-os VM, ready for `sessions.open`.
 */
export async function createVm({ sidecar, config, session, onAgentStderr, onAgentExit, onLimitWarning, extraUrls }) {
  const agent = AGENTS[config.agent];
  const [{ common }, software] = await Promise.all([loadAgentOs(), loadAgentSoftware(config.agent)]);
  const decoder = new TextDecoder();
  const baseUrls = Object.values(config.providers).map((provider) => provider.baseUrl);
  const vm = await sidecar.createVm({
    software: [common, software],
    user: GUEST_USER,
    database: { type: "sqlite_file", path: session.database },
    loopbackExemptPorts: loopbackPorts([...baseUrls, ...extraUrls]),
    permissions: config.permissions ?? { network: "allow" },
    mounts: [
      hostMount(config.mountPath, session.cwd),
      ...agent.mounts(config, path.dirname(session.database)).map((mount) => hostMount(mount.path, mount.hostPath)),
    ],
    onAgentStderr: (event) => onAgentStderr(decoder.decode(event.chunk, { stream: true })),
    onAgentExit,
    onLimitWarning,
  });
  await agent.prepare(vm, config);
  return vm;
}

function hostMount(guestPath, hostPath) {
  fs.mkdirSync(hostPath, { recursive: true });
  return { path: guestPath, plugin: { id: "host_dir", config: { hostPath, readOnly: false } }, readOnly: false };
}
