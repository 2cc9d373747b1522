/** Which host directory the agent works in. */
import path from "node:path";

/** Paperclip's rule (pi_local): the workspace, but an agent's home gives way to a configured directory. */
export function workspaceDirectory(ctx, config) {
  const workspace = ctx.context.paperclipWorkspace ?? {};
  const isHomeOverridden = workspace.source === "agent_home" && config.cwd !== "";
  const workspaceCwd = typeof workspace.cwd === "string" && !isHomeOverridden ? workspace.cwd : "";
  return path.resolve(workspaceCwd || config.cwd);
}
