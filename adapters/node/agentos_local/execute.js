/** One heartbeat: a VM, a session in it, one prompt, and the result in Paperclip's terms. */
import { randomUUID } from "node:crypto";
import { AgentStderr } from "./agent-stderr.js";
import { AGENTS } from "./agents/index.js";
import { ConfigError } from "./config-values.js";
import { readConfig } from "./config.js";
import { guestEnvironment } from "./guest-environment.js";
import { buildPrompt } from "./prompt.js";
import * as result from "./result.js";
import { RunLog } from "./run-log.js";
import { reportRestart, reportStart } from "./run-report.js";
import { RunStop, RunStopped } from "./run-stop.js";
import { packageVersion } from "./runtime.js";
import { planSession } from "./session.js";
import { prepareDatabaseDirectory, prepareRestore, removeStoredEnvironment } from "./session-database.js";
import { acquireSidecar, releaseSidecar } from "./sidecar.js";
import { detectProviderFailure, usageFields } from "./turn-outcome.js";
import { TurnRecord } from "./turn-record.js";
import { createVm, DATA_MOUNT } from "./vm.js";
import { workspaceDirectory } from "./workspace.js";

/**
 * @param {import("@paperclipai/adapter-utils").AdapterExecutionContext} ctx
 * @returns {Promise<import("@paperclipai/adapter-utils").AdapterExecutionResult>}
 */
export async function execute(ctx) {
  const log = new RunLog(ctx.onLog);
  let config;
  try {
    config = readConfig(ctx.config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return finish(log, result.failure({ errorCode: "configuration_incomplete", errorMessage: error.message }));
  }
  const run = new Run(ctx, config, log);
  try {
    return await finish(log, await run.perform());
  } finally {
    run.stop.close();
  }
}

async function finish(log, outcome) {
  if (outcome.errorCode) log.event("error", { errorCode: outcome.errorCode, message: outcome.errorMessage });
  await log.drain();
  return outcome;
}

class Run {
  constructor(ctx, config, log) {
    this.ctx = ctx;
    this.config = config;
    this.log = log;
    this.agent = AGENTS[config.agent];
    this.cwd = workspaceDirectory(ctx, config);
    this.stop = new RunStop({ timeoutSec: config.timeoutSec, graceSec: config.graceSec, signal: ctx.signal });
    this.env = guestEnvironment(ctx, config, this.agent, DATA_MOUNT);
    this.turn = new TurnRecord();
    this.stderr = new AgentStderr(this.agent.routineStderr, (line) => log.stderr(`${line}\n`));
    /** @type {import("./turn-outcome.js").TurnOutcome | null} */
    this.outcome = null;
    this.restoredBy = "none";
    /** @type {Record<string, number>} milliseconds */
    this.timings = {};
    this.sidecar = null;
    this.vm = null;
    this.isRestoring = false;
  }

  async perform() {
    await this.ctx.onCancellationReady?.();
    try {
      this.planSession();
      const { sidecar, restartedAfterPid } = await acquireSidecar();
      this.sidecar = sidecar;
      this.unsubscribe = sidecar.stderr.subscribe((line) => this.log.stderr(`${line}\n`));
      if (restartedAfterPid !== null) await reportRestart(this, restartedAfterPid);
      return await this.performOnSidecar();
    } catch (error) {
      return await this.failureOf(error);
    } finally {
      if (this.session) this.forgetEnvironment();
      if (this.sidecar) this.disposeInBackground();
    }
  }

  planSession() {
    const plan = planSession({ ctx: this.ctx, config: this.config, cwd: this.cwd, newSessionId: randomUUID() });
    this.session = plan.params;
    this.isResumed = plan.isResumed;
    if (plan.freshReason)
      this.notice(`The stored session is not resumed: ${plan.freshReason}. A new session is started.`);
    prepareDatabaseDirectory(this.session.database);
    if (!this.isResumed) return;
    this.isRestoring = true;
    const { database, sessionId } = this.session;
    const clearConfigOptions = this.clearsConfigOptions;
    const isStored = prepareRestore({ database, sessionId, env: this.env, clearConfigOptions });
    if (isStored) this.restoredBy = this.agent.restoredBy({ config: this.config, session: this.session });
    else
      this.notice(`The session database ${database} does not hold the session ${sessionId}; it is started anew in it.`);
    this.isResumed = isStored;
    this.isRestoring = false;
  }

  get clearsConfigOptions() {
    return this.config.agent === "opencode" && this.config.opencodeClearStoredConfigOptions;
  }

  async performOnSidecar() {
    const prompt = buildPrompt(this.ctx, this.config, this.isResumed);
    await this.timed("vmCreateMs", () => this.createVm());
    await reportStart(this, prompt);
    this.isRestoring = this.isResumed;
    await this.timed("sessionOpenMs", () => this.openSession());
    this.isRestoring = false;
    this.vm.onSessionEvent(this.session.sessionId, (entry) => this.onSessionEvent(entry));
    this.ctx.onDispatch?.();
    const answer = await this.timed("promptMs", () => this.sendPrompt(prompt.text));
    await this.timed("unloadMs", () => this.unloadSession());
    if (this.stop.reason) return this.stoppedResult();
    return this.resultOf(answer);
  }

  async createVm() {
    const { sidecar, session, config, ctx } = this;
    this.runDirectory = sidecar.createRunDirectory();
    this.dataDirectory = this.agent.dataDirectory({ runDirectory: this.runDirectory, session, config });
    this.knownMessages = this.agent.knownMessages(this.dataDirectory);
    const extraUrls = ctx.authToken && this.env.PAPERCLIP_API_URL ? [this.env.PAPERCLIP_API_URL] : [];
    const callbacks = {
      onAgentStderr: (event) => this.stderr.add(event),
      onAgentExit: (event) =>
        this.notice(`The agent process ended unexpectedly (exit code ${event.exitCode ?? "unknown"}).`),
      onLimitWarning: (warning) => this.notice(`A limit of the VM is nearly reached: ${warning.limit}.`),
    };
    const create = () =>
      createVm({ sidecar, config, session, dataDirectory: this.dataDirectory, extraUrls, callbacks });
    this.vm = await this.stop.guard(create, { kill: () => sidecar.kill() });
  }

  openSession() {
    const { sessionId, agent } = this.session;
    const open = () => this.vm.sessions.open({ sessionId, agent, cwd: this.config.mountPath, env: this.env });
    return this.stop.guard(open, { kill: () => this.sidecar.kill() });
  }

  sendPrompt(text) {
    const { sessionId } = this.session;
    const send = () => this.vm.sessions.prompt({ sessionId, content: [{ type: "text", text }] });
    // Its own failure does not matter: the grace time ends the run in any case.
    const cancel = () => void this.vm.sessions.cancelPrompt({ sessionId }).catch((error) => this.notice(error.message));
    return this.stop.guard(send, { cancel, kill: () => this.sidecar.kill() });
  }

  /** Ends the agent in the VM, which makes it write its record. */
  async unloadSession() {
    const { sessionId } = this.session;
    const unload = () => this.vm.sessions.unload({ sessionId });
    await this.stop.guardClosing(unload, { kill: () => this.sidecar.kill() });
    this.stderr.end();
    this.outcome = this.agent.readOutcome(this.dataDirectory, this.knownMessages);
  }

  onSessionEvent(entry) {
    this.turn.add(entry);
    this.log.update(entry);
  }

  resultOf(answer) {
    const failure = detectProviderFailure(this.outcome, this.turn);
    const shared = { ...this.resultFields(answer.stopReason), session: this.session };
    if (failure) return result.failure({ ...shared, ...failure });
    const summary = this.turn.lastAssistantText;
    this.log.event("result", { text: summary, stopReason: answer.stopReason, ...usageFields(this.outcome) });
    return result.success({ ...shared, summary });
  }

  stoppedResult() {
    const shared = this.resultFields("cancelled");
    if (this.stop.reason === "timeout") return result.timeout({ ...shared, timeoutSec: this.config.timeoutSec });
    return result.cancelled(shared);
  }

  async failureOf(error) {
    const isSidecarDead = this.sidecar !== null && (await this.sidecar.diedWith(error));
    if (this.stop.reason || error instanceof RunStopped) return this.stoppedResult();
    if (isSidecarDead) return result.sidecarDied({ ...this.resultFields(null), sidecar: this.sidecar, error });
    if (this.isRestoring) {
      this.restoredBy = "none";
      return result.restoreFailed({ ...this.resultFields(null), error, agent: this.config.agent });
    }
    return result.failure({ ...this.resultFields(null), errorCode: "agentos_error", errorMessage: error.message });
  }

  resultFields(stopReason) {
    return {
      config: this.config,
      outcome: this.outcome,
      resultJson: {
        stopReason,
        restoredBy: this.restoredBy,
        opencodeClearStoredConfigOptions: this.clearsConfigOptions,
        agentosVersion: packageVersion("@rivet-dev/agentos-core"),
        agentPackageVersion: packageVersion(this.agent.packageName),
        timings: { ...this.timings },
        sidecarPid: this.sidecar?.pid ?? null,
      },
    };
  }

  /** However the run ended, its keys do not stay on disk; agent-os writes them only when it makes a session. */
  forgetEnvironment() {
    const { database, sessionId } = this.session;
    try {
      removeStoredEnvironment(database, sessionId);
    } catch (error) {
      this.notice(`The keys of this run are still in the session database ${database}: ${error.message}.`);
    }
  }

  /** The first disposal of a VM that had a session takes 5 s upstream; nobody waits for it. */
  disposeInBackground() {
    this.unsubscribe();
    this.sidecar.disposeVm(this.vm, this.runDirectory);
    releaseSidecar(this.sidecar);
  }

  notice(message) {
    this.log.event("notice", { message });
  }

  /** Note how long a step took; a step that fails leaves no figure. */
  async timed(name, step) {
    const start = performance.now();
    const value = await step();
    this.timings[name] = Math.round(performance.now() - start);
    return value;
  }
}
