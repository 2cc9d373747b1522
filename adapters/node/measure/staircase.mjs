// What each further VM of one sidecar costs, in the way of agent-os' own `scripts/benchmarks/memory.bench.ts`: VMs are
// added one at a time, each settles, garbage is collected, and the host looks at the process tree.
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { AGENTS } from "../agentos_local/agents/index.js";
import { readConfig } from "../agentos_local/config.js";
import { guestEnvironment } from "../agentos_local/guest-environment.js";
import { prepareDatabaseDirectory } from "../agentos_local/session-database.js";
import { acquireSidecar } from "../agentos_local/sidecar.js";
import { createVm, DATA_MOUNT } from "../agentos_local/vm.js";

const IDLE = "setTimeout(() => {}, 999999999)";

/**
 * Reports points 0 to `count`; with `workload` "session" also how long each session took to open.
 * @param {{workload: "idle" | "session", count: number, settleMs: number, folder: string,
 *   config: Record<string, unknown> | null}} job `config` is agentos_local's own, for sessions
 * @param {{sample: (name: string, value: number) => void, point: (population: number) => Promise<void>}} host
 */
export async function measureStaircase(job, host) {
  const { sidecar } = await acquireSidecar();
  const add = job.workload === "session" ? sessionAdder(sidecar, job, host) : () => addIdle(sidecar);
  await warmUp(sidecar, job.workload);
  await look(job, host, 0);
  for (let population = 1; population <= job.count; population += 1) {
    await add(population);
    await look(job, host, population);
  }
}

/** Spawns the sidecar. A VM that had a session would take seconds to dispose of, so the throwaway one has none. */
async function warmUp(sidecar, workload) {
  const vm = await sidecar.createVm({ defaultSoftware: false });
  if (workload === "idle") await vm.process.spawn("node", ["-e", IDLE]);
  await vm.dispose();
}

async function look(job, host, population) {
  await new Promise((resolve) => setTimeout(resolve, job.settleMs));
  globalThis.gc?.();
  globalThis.gc?.();
  await host.point(population);
}

async function addIdle(sidecar) {
  const vm = await sidecar.createVm({ defaultSoftware: false });
  await vm.process.spawn("node", ["-e", IDLE]);
}

/** A VM as a heartbeat of agentos_local makes it, up to the open session. */
function sessionAdder(sidecar, job, host) {
  const config = readConfig(job.config);
  const agent = AGENTS[config.agent];
  const context = { agent: { id: "measure", companyId: "measure" }, runId: "measure", context: {} };
  return async (population) => {
    const cwd = path.join(job.folder, `root-${population}`);
    fs.mkdirSync(cwd, { recursive: true });
    const database = path.join(job.folder, `sessions-${population}`, "session.sqlite");
    const session = { sessionId: randomUUID(), agent: config.agent, database, cwd };
    prepareDatabaseDirectory(database);
    const dataDirectory = agent.dataDirectory({ runDirectory: sidecar.createRunDirectory(), session, config });
    const callbacks = { onAgentStderr: () => {} };
    const vm = await createVm({ sidecar, config, session, dataDirectory, extraUrls: [], callbacks });
    const env = guestEnvironment(context, config, agent, DATA_MOUNT);
    const start = performance.now();
    await vm.sessions.open({ sessionId: session.sessionId, agent: config.agent, cwd: config.mountPath, env });
    host.sample(population === 1 ? "vm_first_session_ms" : "vm_later_session_ms", performance.now() - start);
  };
}
