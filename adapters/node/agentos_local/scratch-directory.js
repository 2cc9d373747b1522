/**
 * A private temporary directory per sidecar, with an owner file: so leftovers of a killed host can be told from living
 * ones.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const PREFIX = "agentos-local-";
const OWNER_FILE = "owner.json";

/**
 * Make a directory owned by this process.
 * @returns {string} absolute path of an empty directory (it holds only the owner file).
 */
export function createScratchDirectory() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), PREFIX));
  writeOwner(directory, { pid: process.pid, startTime: processStartTime(process.pid), sidecar: null });
  return directory;
}

/** Note the sidecar in the owner file, so that a later sweep can end one that outlived its host. */
export function recordSidecar(directory, pid) {
  const sidecar = { pid, startTime: processStartTime(pid) };
  writeOwner(directory, { pid: process.pid, startTime: processStartTime(process.pid), sidecar });
}

/** Remove a directory now; a dying sidecar may still create a file, so the removal is tried a few times. */
export function removeScratchDirectory(directory) {
  fs.rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

/**
 * Remove the directories of hosts that are dead (killed before they could clean up).
 * @returns {string[]} the removed directories.
 */
export function sweepStaleScratchDirectories() {
  const removed = [];
  for (const name of fs.readdirSync(os.tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const directory = path.join(os.tmpdir(), name);
    const owner = readOwner(directory);
    if (!owner || isSameProcess(owner)) continue;
    if (owner.sidecar && isSameProcess(owner.sidecar)) process.kill(owner.sidecar.pid, "SIGKILL");
    removeScratchDirectory(directory);
    removed.push(directory);
  }
  return removed;
}

/** @returns {boolean} whether the process with this pid is the very one recorded (pids are reused). */
export function isSameProcess({ pid, startTime }) {
  const current = processStartTime(pid);
  return current !== null && current === startTime;
}

/**
 * When a process started, as text that differs between two processes with one pid.
 * @param {number} pid @returns {string | null} null when it is dead (a zombie counts as dead).
 */
export function processStartTime(pid) {
  if (process.platform === "linux") return linuxStartTime(pid);
  const ps = spawnSync("ps", ["-o", "lstart=,stat=", "-p", String(pid)], { encoding: "utf8" });
  const text = ps.stdout?.trim() ?? "";
  return text === "" || /\sZ\S*$/.test(text) ? null : text.replace(/\s+\S+$/, "");
}

function linuxStartTime(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? null : fields[19];
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ESRCH") return null;
    throw error;
  }
}

function writeOwner(directory, owner) {
  fs.writeFileSync(path.join(directory, OWNER_FILE), JSON.stringify(owner));
}

/** @returns {any} null when there is no readable owner file: then the directory is not known to be ours. */
function readOwner(directory) {
  try {
    return JSON.parse(fs.readFileSync(path.join(directory, OWNER_FILE), "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError || ["ENOENT", "ENOTDIR", "EACCES"].includes(error.code)) return null;
    throw error;
  }
}
