/** The agent's stderr: out of agent-os' frame, in whole lines, without routine lines. */

/**
 * agent-os 0.2.21 gives `onAgentStderr` the undecoded frame: a tag byte, then session id, agent, process id and the text,
 * each with its length before it (seven bits a byte). A chunk that does not begin that way is taken as the text itself.
 * @param {{sessionId: string, agentType: string, processId: string, chunk: Uint8Array}} event
 * @returns {Uint8Array}
 */
export function stderrPayload(event) {
  const { chunk } = event;
  let offset = 1;
  for (const expected of [event.sessionId, event.agentType, event.processId]) {
    const bytes = Buffer.from(expected);
    if (chunk[offset] !== bytes.length) return chunk;
    if (!bytes.equals(chunk.subarray(offset + 1, offset + 1 + bytes.length))) return chunk;
    offset += 1 + bytes.length;
  }
  while (chunk[offset] & 0x80) offset += 1;
  return chunk.subarray(offset + 1);
}

export class AgentStderr {
  /** @param {RegExp} routine lines to leave out @param {(line: string) => void} onLine */
  constructor(routine, onLine) {
    this.routine = routine;
    this.onLine = onLine;
    this.decoder = new TextDecoder();
    this.partial = "";
  }

  /** @param {any} event of `onAgentStderr` */
  add(event) {
    const lines = (this.partial + this.decoder.decode(stderrPayload(event), { stream: true })).split("\n");
    this.partial = lines.pop() ?? "";
    for (const line of lines) this.publish(line);
  }

  /** The last line may lack its end. */
  end() {
    this.publish(this.partial);
    this.partial = "";
  }

  publish(line) {
    if (line.trim() !== "" && !this.routine.test(line)) this.onLine(line);
  }
}
