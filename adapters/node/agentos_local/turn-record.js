/** What one prompt produced, gathered from the session's event stream. */

export class TurnRecord {
  constructor() {
    this.lastAssistantText = "";
    this.hasContent = false;
  }

  /** @param {any} entry an entry of agent-os' session stream */
  add(entry) {
    if (entry.type === "tool_call") this.hasContent = true;
    if (entry.type === "agent_message_chunk") this.addAssistantText(entry);
  }

  // Text comes as ephemeral pieces and then once as a durable whole.
  addAssistantText(entry) {
    this.hasContent = true;
    if (entry.durability === "durable" && entry.content?.type === "text") this.lastAssistantText = entry.content.text;
  }
}
