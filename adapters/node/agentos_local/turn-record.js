/** What one prompt produced, gathered from the session's event stream. */

export class TurnRecord {
  constructor() {
    this.lastAssistantText = "";
    this.streamedAssistantChars = 0;
    this.toolCalls = 0;
    /** @type {{used?: number, size?: number, cost?: {amount: number, currency: string} | null} | null} */
    this.usageUpdate = null;
    this.stderr = "";
  }

  /** @param {any} entry an entry of agent-os' session stream */
  add(entry) {
    if (entry.type === "agent_message_chunk") this.addAssistantText(entry);
    if (entry.type === "tool_call") this.toolCalls += 1;
    if (entry.type === "usage_update") this.usageUpdate = entry;
  }

  // Text comes as ephemeral pieces and then once as a durable whole.
  addAssistantText(entry) {
    const text = entry.content?.type === "text" ? entry.content.text : "";
    if (entry.durability === "durable") this.lastAssistantText = text;
    else this.streamedAssistantChars += text.length;
  }

  addStderr(text) {
    this.stderr = (this.stderr + text).slice(-16384);
  }

  usageFields() {
    return { usage: null, costUsd: null };
  }
}
