// The journal's record of one exchange, as reported to the host.
import { createHash } from "node:crypto";
import { readResponse } from "./response.mjs";
import { estimateInputTokens, TOKEN_BASIS } from "./tokens.mjs";

const toolName = (tool) => tool.function?.name ?? tool.name ?? "";

function tokensOf(request, said, isScripted) {
  const reported = said.usage ?? {};
  const input = reported.prompt_tokens ?? reported.input_tokens;
  const output = reported.completion_tokens ?? reported.output_tokens;
  if (isScripted || input === undefined || output === undefined) {
    return { input_tokens: estimateInputTokens(request), output_tokens: said.outputTokens, token_basis: TOKEN_BASIS };
  }
  return { input_tokens: input, output_tokens: output, token_basis: "the provider's usage" };
}

/**
 * @param {import("./exchange.mjs").Exchange} exchange
 * @param {{index: number, beatKey: string|null, isScripted: boolean}} place
 * @param {boolean} isAnswered false when the request has arrived and its response is still to come
 */
export function recordOf(exchange, place, isAnswered) {
  const { response, decision } = exchange;
  const request = exchange.normalised ?? {};
  const messages = request.messages ?? [];
  const body = exchange.requestBody;
  const said = readResponse(response.statusCode, exchange.responseText);
  return {
    index: place.index,
    is_answered: isAnswered,
    beat_key: place.beatKey,
    auxiliary: decision === null || decision.kind === "auxiliary",
    off_script: decision?.kind === "off_script",
    turn_index: decision?.kind === "scripted" ? decision.turnIndex : null,
    branch: decision?.branch ?? null,
    received_at_epoch: exchange.receivedAtEpoch,
    first_byte_ms: exchange.firstByteMs,
    duration_ms: exchange.elapsedMs(),
    method: exchange.method,
    path: exchange.path,
    model: request.model ?? null,
    message_roles: messages.map((message) => message.role),
    tool_names: (request.tools ?? []).map(toolName),
    body_bytes: body.length,
    body_sha256: createHash("sha256").update(body).digest("hex"),
    body: body.toString("utf8"),
    response_status: response.statusCode,
    response_kind: said.kind,
    interrupted: !response.writableFinished,
    ...tokensOf(request, said, place.isScripted),
  };
}
