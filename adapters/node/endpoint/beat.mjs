// One heartbeat as the endpoint sees it: its script, and its requests still in flight.

export class Beat {
  #inFlight = new Set();
  #settled = () => {};

  /** @param {object[]} turns @param {string|null} key the id of the `begin_beat` command */
  constructor(turns, key) {
    this.turns = turns;
    this.key = key;
    this.requestCount = 0;
  }

  /** Between beats every request is off script. */
  static none() {
    return new Beat([], null);
  }

  static open(turns, key) {
    return new Beat(turns, key);
  }

  get isOpen() {
    return this.key !== null;
  }

  /** Returns the request's index within the beat. */
  enter(exchange) {
    this.#inFlight.add(exchange);
    return this.requestCount++;
  }

  leave(exchange) {
    this.#inFlight.delete(exchange);
    if (this.#inFlight.size === 0) this.#settled();
  }

  /** Waits for the requests in flight; resolves to how many were still unanswered after `limitMs`. */
  async settle(limitMs) {
    if (this.#inFlight.size > 0) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, limitMs);
        this.#settled = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#inFlight.size;
  }
}
