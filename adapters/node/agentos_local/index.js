/** Paperclip external adapter `agentos_local`: a coding agent in an agent-os VM. */
import { execute } from "./execute.js";
import { ADAPTER_TYPE } from "./config.js";
import { sessionCodec } from "./session.js";

export { shutdown } from "./sidecar.js";

/** @returns {import("@paperclipai/adapter-utils").ServerAdapterModule} a plain object: Paperclip keeps own properties only. */
export function createServerAdapter() {
  return { type: ADAPTER_TYPE, execute, sessionCodec };
}
