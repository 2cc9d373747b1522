// How long a VM takes in a warm sidecar, in the way of agent-os' own `scripts/benchmarks/coldstart.bench.ts`: one explicit
// sidecar, one throwaway VM whose root snapshot the others start from, one VM at a time.
import { acquireSidecar } from "../agentos_local/sidecar.js";
import { loadAgentOs } from "../agentos_local/runtime.js";

const IDLE = "setTimeout(() => {}, 999999999)";
const SAY = 'console.log("here"); setTimeout(() => {}, 999999999)';
const SNAPSHOT_BYTES = 128 * 1024 * 1024;
const WARM_UPS = 1;

/**
 * @param {{count: number, shellCount: number}} job `shellCount` of the first shell command, which takes much longer
 * @param {{sample: (name: string, value: number) => void}} host milliseconds
 */
export async function measureCreation(job, host) {
  const { sidecar } = await acquireSidecar();
  const { common } = await loadAgentOs();
  const bare = { defaultSoftware: false };
  const fromBare = await snapshotRoot(sidecar, bare, (vm) => vm.process.spawn("node", ["-e", IDLE]));
  await repeated(job.count, host, (sample) => timeSpawn(sidecar, { ...bare, ...fromBare }, sample));
  await repeated(job.count, host, (sample) => timeFirstOutput(sidecar, { ...bare, ...fromBare }, sample));
  const withShell = { software: [common] };
  const fromShell = await snapshotRoot(sidecar, withShell, (vm) => vm.process.exec("echo hello"));
  await repeated(job.shellCount, host, (sample) => timeFirstCommand(sidecar, { ...withShell, ...fromShell }, sample));
}

async function repeated(count, host, measure) {
  for (let index = -WARM_UPS; index < count; index += 1) await measure(index < 0 ? () => {} : host.sample);
}

/** The root of a VM that has done the work once: later ones do not pay for making it. */
async function snapshotRoot(sidecar, options, work) {
  const vm = await sidecar.createVm(options);
  try {
    await work(vm);
    const snapshot = await vm.filesystem.export({ maxBytes: SNAPSHOT_BYTES });
    return { rootFilesystem: { type: "overlay", lowers: [snapshot] } };
  } finally {
    await vm.dispose();
  }
}

async function timeSpawn(sidecar, options, sample) {
  const start = performance.now();
  const vm = await sidecar.createVm(options);
  const createdMs = performance.now() - start;
  await vm.process.spawn("node", ["-e", IDLE]);
  sample("vm_create_ms", createdMs);
  sample("vm_create_and_spawn_ms", performance.now() - start);
  await vm.dispose();
}

async function timeFirstOutput(sidecar, options, sample) {
  const start = performance.now();
  const vm = await sidecar.createVm(options);
  await new Promise((resolve, reject) => {
    vm.process.spawn("node", ["-e", SAY], { onStdout: resolve }).catch(reject);
  });
  sample("vm_first_output_ms", performance.now() - start);
  await vm.dispose();
}

async function timeFirstCommand(sidecar, options, sample) {
  const start = performance.now();
  const vm = await sidecar.createVm(options);
  const result = await vm.process.exec("echo hello");
  const tookMs = performance.now() - start;
  await vm.dispose();
  if (result.outcome !== "succeeded") throw new Error(`echo in the VM ${result.outcome}: ${result.error.message}`);
  sample("vm_first_shell_command_ms", tookMs);
}
