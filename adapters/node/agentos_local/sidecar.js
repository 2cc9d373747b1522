/** The one agent-os sidecar process of this Node process: started on demand, replaced when dead, never left behind. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";
import { beforeExit, runCleanups } from "./exit-cleanup.js";
import { StderrLines } from "./stderr-lines.js";
import { loadAgentOs, sidecarSpawnContext } from "./runtime.js";
import * as scratch from "./scratch-directory.js";

/** Host variables the sidecar needs or honours; everything else of the host (secrets) stays out. */
const INHERITED_VARIABLES = /^(PATH|HOME|LANG|LC_.*|TZ|RUST_BACKTRACE|SSL_CERT_FILE|SSL_CERT_DIR|AGENTOS_.*)$/;
const EXIT_WAIT_MS = 2000;
const SIDECAR_DEATH_ERRORS = new Set(["SidecarProcessExited", "SidecarProcessError", "SidecarSilenceTimeout"]);

/** @type {Sidecar | null} the one new runs use */
let current = null;
let swept = false;

class Sidecar {
  /** @param {any} AgentOs @param {any} handle @param {string} directory private TMPDIR of the process. */
  constructor(AgentOs, handle, directory) {
    this.AgentOs = AgentOs;
    this.handle = handle;
    this.directory = directory;
    this.stderr = new StderrLines();
    /** @type {import("node:child_process").ChildProcess | null} */
    this.child = null;
    this.startedAt = "";
    this.activeRuns = 0;
    this.stopped = false;
    this.forgetCleanup = beforeExit(() => this.destroySync());
  }

  get pid() {
    return this.child?.pid ?? null;
  }

  /** Node hears of the end only when the last of its threads is gone, which may be long after it stopped working. */
  get isDead() {
    if (this.stopped) return true;
    if (this.child === null) return false;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return true;
    return this.pid !== null && scratch.processStartTime(this.pid) === null;
  }

  /**
   * Whether an error of agent-os means that this process died; its streams end a moment before its exit is known.
   * @param {Error} error
   */
  async diedWith(error) {
    if (!SIDECAR_DEATH_ERRORS.has(error.name) && !this.isDead) return false;
    if (!this.isDead) {
      this.kill();
      await once(this.child, "exit");
    }
    return true;
  }

  /**
   * Make a VM on this sidecar; the first call spawns the process.
   * @param {object} options `AgentOs.create` options without `sidecar`.
   */
  createVm(options) {
    const create = () => this.AgentOs.create({ ...options, sidecar: { kind: "explicit", handle: this.handle } });
    return sidecarSpawnContext.run((spawnOptions) => this.spawnProcess(spawnOptions), create);
  }

  spawnProcess({ command, args, cwd }) {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => INHERITED_VARIABLES.test(name)));
    const child = spawn(command, args ?? [], {
      cwd,
      env: { ...env, TMPDIR: this.directory },
      stdio: ["pipe", "pipe", "pipe", "pipe"],
    });
    this.stderr.read(child.stderr);
    child.stderr = new PassThrough();
    this.child = child;
    this.startedAt = new Date().toISOString();
    if (child.pid) scratch.recordSidecar(this.directory, child.pid);
    return child;
  }

  /** @returns {string} an empty host directory that lives as long as one run. */
  createRunDirectory() {
    return fs.mkdtempSync(path.join(this.directory, "run-"));
  }

  /** Dispose a VM without being waited for, then remove its run's directory. @param {any} vm null when none was made */
  disposeVm(vm, runDirectory) {
    const remove = () => {
      if (runDirectory) scratch.removeScratchDirectory(runDirectory);
    };
    if (!vm) return remove();
    const report = (error) => this.stderr.publish(`agentos_local: a VM was not disposed (${error.message})`);
    void vm.dispose().then(remove).catch(report);
  }

  /** While no run is active the process must not keep the host alive; agent-os' own 5 s disposal would. */
  holdHost(isHeld) {
    for (const part of new Set([this.child, ...(this.child?.stdio ?? [])])) {
      if (isHeld) part?.ref?.();
      else part?.unref?.();
    }
  }

  kill() {
    this.child?.kill("SIGKILL");
  }

  /** Kill and remove the directory without returning to the event loop: usable in an exit handler. */
  destroySync() {
    this.stopped = true;
    this.kill();
    waitForDeathSync(this.pid);
    scratch.removeScratchDirectory(this.directory);
    this.forgetCleanup();
  }
}

/**
 * The living sidecar, made anew when there is none or the last one died.
 * @returns {Promise<{sidecar: Sidecar, restartedAfterPid: number | null}>} the pid of the dead one is given once.
 */
export async function acquireSidecar() {
  const { AgentOs } = await loadAgentOs();
  let restartedAfterPid = null;
  if (current?.isDead) {
    restartedAfterPid = current.pid;
    discard(current);
  }
  if (!current) {
    if (!swept) scratch.sweepStaleScratchDirectories();
    swept = true;
    const handle = await AgentOs.createSidecar();
    // Another run may have made one while this one waited for its handle.
    current ??= new Sidecar(AgentOs, handle, scratch.createScratchDirectory());
  }
  current.activeRuns += 1;
  current.holdHost(true);
  return { sidecar: current, restartedAfterPid };
}

/** @param {Sidecar} sidecar one run of it is over. */
export function releaseSidecar(sidecar) {
  sidecar.activeRuns -= 1;
  if (sidecar.activeRuns === 0) sidecar.holdHost(false);
}

/**
 * Start a sidecar of its own with an empty VM and stop it again; the one in use is not touched.
 * @returns {Promise<{milliseconds: number}>}
 */
export async function probeSidecar() {
  const { AgentOs } = await loadAgentOs();
  const start = performance.now();
  const sidecar = new Sidecar(AgentOs, await AgentOs.createSidecar(), scratch.createScratchDirectory());
  try {
    await sidecar.createVm({ defaultSoftware: false });
  } finally {
    sidecar.destroySync();
  }
  return { milliseconds: Math.round(performance.now() - start) };
}

/** Stop the sidecar of this process at once (running prompts fail) and remove its directory. Safe to call twice. */
export async function shutdown() {
  runCleanups();
  current = null;
}

function discard(sidecar) {
  if (current === sidecar) current = null;
  sidecar.destroySync();
}

function waitForDeathSync(pid) {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const deadline = Date.now() + EXIT_WAIT_MS;
  while (pid && scratch.processStartTime(pid) !== null && Date.now() < deadline) Atomics.wait(cell, 0, 0, 2);
}
