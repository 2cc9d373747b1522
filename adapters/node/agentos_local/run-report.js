/** What a run tells the host about itself before the prompt is sent. */
import { ADAPTER_TYPE } from "./config.js";
import { redactEnvironment } from "./guest-environment.js";
import { packageVersion } from "./runtime.js";

/** Report the process, the invocation and, as the log's first line, the session. @param {any} run see execute.js */
export async function reportStart(run, prompt) {
  const { ctx, config, session, sidecar, log } = run;
  await ctx.onSpawn?.({ pid: sidecar.pid, processGroupId: null, startedAt: sidecar.startedAt });
  await ctx.onMeta?.({
    adapterType: ADAPTER_TYPE,
    command: `agent-os VM: ${config.agent}`,
    cwd: run.cwd,
    commandNotes: commandNotes(run),
    env: redactEnvironment(run.env),
    prompt: prompt.text,
    promptMetrics: prompt.metrics,
    context: ctx.context,
  });
  log.event("session", {
    sessionId: session.sessionId,
    agent: config.agent,
    model: `${config.providerId}/${config.modelId}`,
    cwd: run.cwd,
    mountPath: config.mountPath,
    restoredBy: run.restoredBy,
    sidecarPid: sidecar.pid,
  });
}

/** @param {number} deadPid the sidecar that died since the last run */
export async function reportRestart(run, deadPid) {
  const message = `The agent-os sidecar (process ${deadPid}) had died; a new one is started.`;
  run.notice(message);
  await run.ctx.onEvent?.({
    eventType: "agentos.sidecar.restarted",
    stream: "system",
    level: "warn",
    message,
    payload: { deadPid },
  });
}

function commandNotes({ config, session, sidecar, agent, cwd, isResumed, restoredBy, clearsConfigOptions }) {
  return [
    `agent-os ${packageVersion("@rivet-dev/agentos-core")}, ${agent.packageName} ${packageVersion(agent.packageName)}`,
    `sidecar process ${sidecar.pid}, shared by all runs of this host process`,
    `${cwd} is mounted read-write at ${config.mountPath}`,
    isResumed ? `session ${session.sessionId} restored (${restoredBy})` : `new session ${session.sessionId}`,
    `opencodeClearStoredConfigOptions ${clearsConfigOptions ? "on" : "off"}`,
  ];
}
