// Loads a package folder the way Paperclip's plugin loader does (server/adapters/plugin-loader.js, registry.js) and prints
// one JSON verdict {ok, type, problems, warnings}; exit code 0 or 1. Usage: node check-plugin.mjs FOLDER
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

const PARSER_CONTRACT_MAJOR = "1";
/** What the board's parser worker refuses before it evaluates a parser (ui/src/adapters/sandboxed-parser-worker.ts). */
const FORBIDDEN_IN_PARSER = /\b(?:import|eval|Function)\s*\(|\.\s*constructor\b/;

/** `exports["."]` as a text, else its import or default; without exports, main. */
function entryPoint(manifest) {
  const entry = typeof manifest.exports === "object" && manifest.exports !== null ? manifest.exports["."] : undefined;
  if (entry) return typeof entry === "string" ? entry : (entry.import ?? entry.default ?? "index.js");
  return manifest.main ?? "index.js";
}

async function checkServer(folder, manifest, problems) {
  const file = path.resolve(folder, entryPoint(manifest));
  if (!fs.existsSync(file)) return problems.push(`package.json names the entry point ${file}, which does not exist`);
  const loaded = await import(pathToFileURL(file).href);
  if (typeof loaded.createServerAdapter !== "function") {
    return problems.push("the entry point does not export createServerAdapter()");
  }
  const created = loaded.createServerAdapter();
  if (!created?.type) {
    const cause = typeof created?.then === "function" ? "it is asynchronous" : "its result has no type";
    return problems.push(`createServerAdapter() is refused: ${cause}`);
  }
  // Registration spreads the object, so what its prototype holds is lost.
  const registered = { ...created };
  for (const name of ["type", "execute", "testEnvironment"]) {
    if (registered[name] === undefined)
      problems.push(`"${name}" is not an own property of the adapter, so registration loses it`);
  }
  return registered.type;
}

function checkParser(folder, manifest, problems, warnings) {
  const entry = manifest.exports?.["./ui-parser"];
  if (!entry) return warnings.push("there is no ./ui-parser export: the board shows raw lines");
  const contract = manifest.paperclip?.adapterUiParser;
  if (!contract) warnings.push("paperclip.adapterUiParser is missing; later versions may require it");
  else if (contract.split(".")[0] !== PARSER_CONTRACT_MAJOR) {
    return problems.push(`paperclip.adapterUiParser is ${contract}, but only ${PARSER_CONTRACT_MAJOR}.x is loaded`);
  }
  const file = path.resolve(folder, typeof entry === "string" ? entry : (entry.import ?? entry.default));
  if (!file.startsWith(folder + path.sep)) return problems.push(`the parser ${file} lies outside the package`);
  if (!fs.existsSync(file)) return problems.push(`the parser ${file} does not exist`);
  return checkParserSource(fs.readFileSync(file, "utf8"), warnings);
}

/** The board evaluates a parser as a function body; one it cannot evaluate is silently replaced by raw lines. */
function checkParserSource(source, warnings) {
  if (FORBIDDEN_IN_PARSER.test(source))
    return warnings.push("the board's worker refuses a parser with import(), eval(), Function() or .constructor");
  const module = { exports: {} };
  const wrapped = `(function (exports, module, self, globalThis) { "use strict";\n{\n${source}\n} })`;
  try {
    vm.runInNewContext(wrapped)(module.exports, module, undefined, undefined);
  } catch (error) {
    return warnings.push(`the board's worker cannot evaluate the parser: ${error.message}`);
  }
  const { createStdoutParser, parseStdoutLine } = module.exports;
  if (typeof createStdoutParser === "function" || typeof parseStdoutLine === "function") return undefined;
  return warnings.push("the parser exports neither createStdoutParser nor parseStdoutLine");
}

async function check(folder) {
  const verdict = { ok: false, type: null, problems: [], warnings: [] };
  try {
    const manifest = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
    const type = await checkServer(folder, manifest, verdict.problems);
    if (typeof type === "string") verdict.type = type;
    checkParser(folder, manifest, verdict.problems, verdict.warnings);
  } catch (error) {
    verdict.problems.push(`${folder} does not load: ${error.message}`);
  }
  return { ...verdict, ok: verdict.problems.length === 0 };
}

if (!process.argv[2]) {
  console.error("usage: node check-plugin.mjs FOLDER");
  process.exit(2);
}
const verdict = await check(path.resolve(process.argv[2]));
console.log(JSON.stringify(verdict));
process.exit(verdict.ok ? 0 : 1);
