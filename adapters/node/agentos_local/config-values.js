/** Readers of single configuration values; each throws a ConfigError that names the field. */

/** A configuration that cannot be run; the message names the field and the remedy. */
export class ConfigError extends Error {}

export function readText(raw, field, fallback) {
  const value = raw[field];
  if (value === undefined || value === null) return fallback;
  if (typeof value !== "string") throw new ConfigError(`agentos_local: "${field}" must be a text.`);
  return value.trim();
}

export function readNumber(raw, field, fallback) {
  const value = raw[field];
  if (value === undefined || value === null || value === "") return fallback;
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number) || number < 0) {
    throw new ConfigError(`agentos_local: "${field}" must be a number of seconds, 0 or more.`);
  }
  return number;
}

export function readToggle(raw, field) {
  const value = raw[field];
  if (value === undefined || value === null) return false;
  if (typeof value !== "boolean") throw new ConfigError(`agentos_local: "${field}" must be true or false.`);
  return value;
}

export function readOptionalObject(raw, field) {
  const value = parseJsonText(raw[field], field);
  if (value === undefined || value === null) return null;
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new ConfigError(`agentos_local: "${field}" must be an object.`);
  }
  return value;
}

/** A form field can only hold text, so an object may come as JSON. */
export function parseJsonText(value, field) {
  if (typeof value !== "string") return value;
  if (value.trim() === "") return null;
  try {
    return JSON.parse(value);
  } catch (error) {
    throw new ConfigError(`agentos_local: "${field}" is not valid JSON (${error.message}).`);
  }
}
