// aimock on 127.0.0.1, with every exchange watched and every answer taken from the current beat's script.
import { AsyncLocalStorage } from "node:async_hooks";
import { LLMock } from "@copilotkit/aimock";
import { decide } from "./decide.mjs";
import { Exchange } from "./exchange.mjs";
import { fixturesFor } from "./fixtures.mjs";
import { recordOf } from "./record.mjs";

const HOST = "127.0.0.1";
// An agent may keep its connection from one beat to the next; closing it in between reads as a network error.
const KEEP_ALIVE_MS = 10 * 60 * 1000;

/** @type {AsyncLocalStorage<Exchange>} */
const exchanges = new AsyncLocalStorage();

/** A base URL is given with `/v1`, as providers print it; aimock appends the request's whole path. */
const withoutVersion = (url) => url.replace(/\/v1\/?$/, "");

function recordingOptions(options) {
  if (options.mode === "scripted") return undefined;
  return {
    providers: { openai: withoutVersion(options.providerBaseUrl) },
    providerKeys: { openai: options.providerKey },
    proxyOnly: options.mode === "pass-through",
    fixturePath: options.recordingFolder ?? undefined,
    upstreamTimeoutMs: 300_000,
    bodyTimeoutMs: 300_000,
  };
}

async function listen(options) {
  const settings = { host: HOST, journalMaxEntries: 1, logLevel: "silent", record: recordingOptions(options) };
  if (options.preferredPort === null) return { mock: await LLMock.create({ ...settings, port: 0 }), taken: false };
  try {
    return { mock: await LLMock.create({ ...settings, port: options.preferredPort }), taken: false };
  } catch (error) {
    if (error.code !== "EADDRINUSE" && error.code !== "EACCES") throw error;
    return { mock: await LLMock.create({ ...settings, port: 0 }), taken: true };
  }
}

/** The decision for the request in hand, made once; aimock asks every fixture. */
function decisionFor(beatTurns, request) {
  const exchange = exchanges.getStore();
  if (!exchange) return decide(request, beatTurns);
  if (exchange.decision === null) {
    exchange.decide(request, decide(request, beatTurns));
  }
  return exchange.decision;
}

/** Notes what was asked, and answers nothing, so that aimock passes the request on. */
function noteOnly() {
  const note = (request) => {
    const exchange = exchanges.getStore();
    exchange?.decide(request, { kind: request.tools?.length ? "real" : "auxiliary", branch: null });
    return false;
  };
  return { match: { predicate: note }, response: { content: "" } };
}

function watch(httpServer, options) {
  const [handle] = httpServer.listeners("request");
  httpServer.removeAllListeners("request");
  httpServer.on("request", (request, response) => {
    const exchange = new Exchange(request, response);
    const beat = options.currentBeat();
    const place = { index: beat.enter(exchange), beatKey: beat.key, isScripted: options.mode === "scripted" };
    // The agents' own placeholder key would win over the configured one.
    if (!place.isScripted) delete request.headers.authorization;
    options.beforeRequest();
    exchange.onDecided = () => options.report({ type: "request", request: recordOf(exchange, place, false) });
    response.once("close", () => {
      options.report({ type: "request", request: recordOf(exchange, place, true) });
      beat.leave(exchange);
    });
    exchanges.run(exchange, () => handle.call(httpServer, request, response));
  });
}

/** @returns {Promise<{host: string, port: number, preferredPortTaken: boolean, play: (beat: object) => void}>} */
export async function startServer(options) {
  const { mock, taken } = await listen(options);
  const play = (beat) => {
    mock.clearFixtures();
    if (options.mode === "scripted") {
      mock.addFixtures(fixturesFor(beat.turns, (request) => decisionFor(beat.turns, request)));
    } else {
      mock.addFixture(noteOnly());
    }
  };
  const httpServer = mock.serverInstance.server;
  httpServer.keepAliveTimeout = KEEP_ALIVE_MS;
  // What aimock has just recorded must not answer the next request in the provider's place.
  const beforeRequest = () => options.mode === "record" && play(options.currentBeat());
  watch(httpServer, { ...options, beforeRequest });
  play(options.currentBeat());
  return { host: HOST, port: mock.port, preferredPortTaken: taken, play };
}
