// One HTTP exchange, watched from outside aimock: aimock's own journal cuts bodies at 64 KB and has no response times.

const KEPT_RESPONSE_BYTES = 8 * 1024 * 1024;

export class Exchange {
  #startedAt = performance.now();
  #requestParts = [];
  #responseParts = [];
  #responseBytes = 0;

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  constructor(request, response) {
    this.receivedAtEpoch = Date.now() / 1000;
    this.method = request.method ?? "";
    this.path = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
    this.firstByteMs = null;
    /** The request as aimock normalises it, and which turn answers it; null until aimock has parsed the body. */
    this.normalised = null;
    this.decision = null;
    /** Called once, when it is known what is asked. */
    this.onDecided = () => {};
    this.response = response;
    this.#watchRequest(request);
    this.#watchResponse(response);
  }

  /** What is asked, and what answers it. */
  decide(request, decision) {
    this.normalised = request;
    this.decision = decision;
    this.onDecided();
  }

  elapsedMs() {
    return performance.now() - this.#startedAt;
  }

  get requestBody() {
    return Buffer.concat(this.#requestParts);
  }

  get responseText() {
    return Buffer.concat(this.#responseParts).toString("utf8");
  }

  /** `emit` is wrapped because a `data` listener of our own would start the stream before aimock listens. */
  #watchRequest(request) {
    const emit = request.emit.bind(request);
    request.emit = (event, ...values) => {
      if (event === "data") this.#requestParts.push(values[0]);
      return emit(event, ...values);
    };
  }

  #watchResponse(response) {
    for (const name of ["write", "end"]) {
      const send = response[name].bind(response);
      response[name] = (chunk, ...rest) => {
        if (chunk && typeof chunk !== "function") this.#keep(chunk);
        return send(chunk, ...rest);
      };
    }
  }

  #keep(chunk) {
    this.firstByteMs ??= this.elapsedMs();
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    this.#responseBytes += bytes.length;
    if (this.#responseBytes <= KEPT_RESPONSE_BYTES) this.#responseParts.push(bytes);
  }
}
