/** The agents this adapter can run. */
import { opencode } from "./opencode.js";
import { pi } from "./pi.js";

export const AGENTS = { pi, opencode };
