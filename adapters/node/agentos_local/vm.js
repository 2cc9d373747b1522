/** The VM of one run: software, workspace, network and session store. */
import fs from "node:fs";
import { AGENTS } from "./agents/index.js";
import { loopbackPorts } from "./providers.js";
import { loadAgentOs, loadAgentSoftware } from "./runtime.js";

/** Host directories are shown to the guest as owned by root; as any other user its shell could not write in them. */
const GUEST_USER = { uid: 0, gid: 0, username: "agentos", homedir: "/home/agentos" };

/** Where the guest sees the directory in which the agent leaves its own record. */
export const DATA_MOUNT = "/agentos-data";

/**
 * @param {{sidecar: any, config: import("./config.js").AdapterConfig, session: import("./session.js").SessionParams,
 *   dataDirectory: string, extraUrls: string[], callbacks: object}} input dataDirectory is a host path
 * @returns {Promise<any>} an agent-os VM, ready for `sessions.open`.
 */
export async function createVm({ sidecar, config, session, dataDirectory, extraUrls, callbacks }) {
  const [{ common }, software] = await Promise.all([loadAgentOs(), loadAgentSoftware(config.agent)]);
  const baseUrls = Object.values(config.providers).map((provider) => provider.baseUrl);
  const vm = await sidecar.createVm({
    software: [common, software],
    user: GUEST_USER,
    database: { type: "sqlite_file", path: session.database },
    loopbackExemptPorts: loopbackPorts([...baseUrls, ...extraUrls]),
    permissions: config.permissions ?? { network: "allow" },
    mounts: [hostMount(config.mountPath, session.cwd), hostMount(DATA_MOUNT, dataDirectory)],
    ...callbacks,
  });
  try {
    await AGENTS[config.agent].prepare(vm, config, DATA_MOUNT);
    return vm;
  } catch (error) {
    sidecar.disposeVm(vm);
    throw error;
  }
}

function hostMount(guestPath, hostPath) {
  fs.mkdirSync(hostPath, { recursive: true });
  return { path: guestPath, plugin: { id: "host_dir", config: { hostPath, readOnly: false } }, readOnly: false };
}
