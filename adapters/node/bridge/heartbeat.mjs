// One `execute(ctx)`: the context's data comes from the host, its callbacks report back to it.

/**
 * @param {{ execute(ctx: object): Promise<object> }} adapter
 * @param {{ id: string, context: Record<string, any> }} command
 * @param {{ controller: AbortController, processGroups: Set<number> }} run
 * @param {(message: object) => Promise<void>} report
 */
export async function executeHeartbeat(adapter, command, run, report) {
  const { id } = command;
  const startedAt = performance.now();
  const at_ms = () => performance.now() - startedAt;
  let seq = 0;
  const context = {
    ...command.context,
    signal: run.controller.signal,
    onLog: (stream, chunk) => {
      const text = String(chunk);
      const message = { type: "log", id, at_ms: at_ms(), seq: seq++, ts: new Date().toISOString(), stream };
      return report({ ...message, chunk: text.toWellFormed(), ill_formed: !text.isWellFormed() });
    },
    onMeta: (meta) => report({ type: "meta", id, at_ms: at_ms(), meta }),
    onEvent: (event) => report({ type: "event", id, at_ms: at_ms(), event }),
    onSpawn: (spawn) => {
      if (spawn.processGroupId) run.processGroups.add(spawn.processGroupId);
      return report({ type: "spawn", id, at_ms: at_ms(), spawn });
    },
    onCancellationReady: async () => {},
    onDispatch: () => {},
  };
  try {
    const result = await adapter.execute(context);
    if (result === null || typeof result !== "object") throw new Error(`execute() resolved to ${result}, not a result`);
    await report({ type: "executed", id, at_ms: at_ms(), result });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? (error.stack ?? null) : null;
    await report({ type: "failed", id, at_ms: at_ms(), during: "execute", message, stack });
  }
}
