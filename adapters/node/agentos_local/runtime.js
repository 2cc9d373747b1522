/** The agent-os packages, loaded on first use so that a host can load this adapter without them. */
import { AsyncLocalStorage } from "node:async_hooks";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Packages every run needs; an agent adds `@agentos-software/<agent>`. */
export const REQUIRED_PACKAGES = [
  "@rivet-dev/agentos-core",
  "@rivet-dev/agentos-runtime-core",
  "@agentos-software/common",
];

/** Set around `AgentOs.create` so that only this adapter's own sidecars are spawned its way. */
export const sidecarSpawnContext = new AsyncLocalStorage();

/** @type {Promise<{AgentOs: any, common: any}> | null} */
let loading = null;

/** @returns {Promise<{AgentOs: any, common: any}>} agent-os and the guest's standard commands. */
export function loadAgentOs() {
  loading ??= load().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** @param {string} agent @returns {Promise<any>} the agent's software package for the VM. */
export async function loadAgentSoftware(agent) {
  return (await import(`@agentos-software/${agent}`)).default;
}

async function load() {
  const [{ AgentOs }, { default: common }, sidecarProcess, nativeClient, processModule] = await Promise.all([
    import("@rivet-dev/agentos-core"),
    import("@agentos-software/common"),
    import("@rivet-dev/agentos-runtime-core/sidecar-process"),
    import("@rivet-dev/agentos-runtime-core/native-client"),
    import("@rivet-dev/agentos-runtime-core/process"),
  ]);
  const { StdioSidecarProtocolClient } = nativeClient;
  // agent-os spawns the sidecar with the whole environment of the host and copies its stderr to the host's; the
  // registered factory is the one place where both can be chosen. Sidecars of other users keep the upstream way.
  sidecarProcess.registerSidecarProcessSpawnFactory((options) => {
    const spawnSidecar = sidecarSpawnContext.getStore();
    if (!spawnSidecar) return StdioSidecarProtocolClient.spawn(options);
    const child = spawnSidecar(options);
    return new StdioSidecarProtocolClient(processModule.StdioSidecarProcess.fromChild(child), options);
  });
  return { AgentOs, common };
}

/**
 * The installed version of a package, read from its package.json without loading it.
 * @param {string} name @returns {string | null} null when the package is not installed.
 */
export function packageVersion(name) {
  try {
    let directory = dirname(fileURLToPath(import.meta.resolve(name)));
    while (!existsSync(join(directory, "package.json"))) directory = dirname(directory);
    return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")).version;
  } catch (error) {
    if (["ERR_MODULE_NOT_FOUND", "ERR_PACKAGE_PATH_NOT_EXPORTED", "ENOENT"].includes(error.code)) return null;
    throw error;
  }
}
