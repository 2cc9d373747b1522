/** Which host directory the agent works in. */

/** Paperclip's rule (pi_local): the workspace, but an agent's home gives way to a configured directory. */
export function workspaceDirectory(ctx, config) {
  const workspace = ctx.context.paperclipWorkspace ?? {};
  const isHomeOverridden = workspace.source === "agent_home" && config.cwd !== "";
  const workspaceCwd = typeof workspace.cwd === "string" && !isHomeOverridden ? workspace.cwd : "";
  return workspaceCwd || config.cwd || process.cwd();
}
