/** The environment of the agent in the VM: nothing of the host's own, only what the run needs. */

const SECRET_NAME = /key|token|secret|password|passwd|authorization|cookie|credential|CONFIG_CONTENT|PROVIDERS/i;

/** @returns {Record<string, string>} */
export function guestEnvironment(ctx, config, agent, dataMount) {
  const context = ctx.context;
  const taskId = firstText(context.taskId, context.issueId);
  const own = {
    PAPERCLIP_AGENT_ID: ctx.agent.id,
    PAPERCLIP_COMPANY_ID: ctx.agent.companyId,
    PAPERCLIP_RUN_ID: ctx.runId,
    PAPERCLIP_API_URL: firstText(process.env.PAPERCLIP_API_URL, process.env.PAPERCLIP_RUNTIME_API_URL),
    PAPERCLIP_TASK_ID: taskId,
    PAPERCLIP_WAKE_REASON: firstText(context.wakeReason),
    PAPERCLIP_WAKE_COMMENT_ID: firstText(context.wakeCommentId, context.commentId),
    PAPERCLIP_APPROVAL_ID: firstText(context.approvalId),
    PAPERCLIP_APPROVAL_STATUS: firstText(context.approvalStatus),
    PAPERCLIP_WORKSPACE_CWD: config.mountPath,
    PAPERCLIP_API_KEY: ctx.authToken,
  };
  const { PAPERCLIP_PI_PROVIDERS: _, ...env } = agent.environment(config, dataMount);
  // The host's values win over configured PAPERCLIP_* variables, as in Paperclip's own adapters.
  return {
    ...env,
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => typeof value === "string" && value)),
  };
}

/** @param {Record<string, string>} env @returns {Record<string, string>} a copy fit for a log */
export function redactEnvironment(env) {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, SECRET_NAME.test(name) ? "***REDACTED***" : value]),
  );
}

function firstText(...values) {
  return values.find((value) => typeof value === "string" && value.trim() !== "")?.trim();
}
