// The line protocol: validates both directions against the schema that the Python side generates.
import fs from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { linesOf } from "../lines.mjs";

const schema = JSON.parse(fs.readFileSync(new URL("protocol.schema.json", import.meta.url), "utf8"));
// Formats and OpenAPI's `discriminator` are annotations here.
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(schema, "protocol");
const validCommand = ajv.compile({ $ref: "protocol#/$defs/command" });
const validReport = ajv.compile({ $ref: "protocol#/$defs/report" });

function firstError(validate) {
  const [error] = validate.errors ?? [];
  return error ? `${error.instancePath || "message"} ${error.message}` : "does not fit the schema";
}

/** Half a surrogate pair, as a chunk or a cut text may hold one, is no UTF-8: it becomes U+FFFD. */
const wellFormed = (_key, value) => (typeof value === "string" ? value.toWellFormed() : value);

/**
 * @param {NodeJS.ReadableStream} input
 * @param {NodeJS.WriteStream} output
 */
export function openProtocol(input, output) {
  const write = output.write.bind(output);

  /** Resolves when the host can take more, so that an adapter's awaited log call feels back-pressure. */
  async function report(message) {
    if (!validReport(message)) {
      throw new Error(`the bridge made a report of type ${message.type} that ${firstError(validReport)}`);
    }
    const isTaken = write(`${JSON.stringify(message, wellFormed)}\n`);
    if (!isTaken) await new Promise((resolve) => output.once("drain", resolve));
  }

  async function* commands() {
    for await (const line of linesOf(input)) {
      if (!line.trim()) continue;
      let command;
      try {
        command = JSON.parse(line);
      } catch (error) {
        await report({ type: "failed", id: null, during: "command", message: `not JSON: ${error.message}` });
        continue;
      }
      if (validCommand(command)) yield command;
      else await report({ type: "failed", id: command?.id ?? null, during: "command", message: firstError(validCommand) });
    }
  }

  return { version: schema.version, report, commands };
}
