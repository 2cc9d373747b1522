// Finds an adapter in an npm package or in a folder. Two shapes exist: Paperclip's own packages export `./server`
// and `./ui`; external adapters export `createServerAdapter()` from `.` and a parser from `./ui-parser`.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const OPTIONAL_PARTS = [
  "sessionCodec", "sessionManagement", "getConfigSchema", "listModels", "models", "listSkills", "syncSkills",
  "supportsLocalAgentJwt", "supportsInstructionsBundle", "agentConfigurationDoc", "getRuntimeCommandSpec",
];

function packageFolder(specifier) {
  if (path.isAbsolute(specifier)) return specifier;
  for (const folder of createRequire(import.meta.url).resolve.paths(specifier) ?? []) {
    const candidate = path.join(folder, specifier);
    if (fs.existsSync(path.join(candidate, "package.json"))) return candidate;
  }
  throw new Error(`the adapter package "${specifier}" is not installed: add it to the Node project or name its folder`);
}

/** The file behind one `exports` key, as Paperclip's plugin loader reads it (server/adapters/plugin-loader.js). */
function exportedFile(folder, manifest, key) {
  const entry = manifest.exports?.[key];
  const file = typeof entry === "string" ? entry : (entry?.import ?? entry?.default);
  if (file) return path.resolve(folder, file);
  return key === "." ? path.resolve(folder, manifest.main ?? "index.js") : null;
}

async function importExport(folder, manifest, key) {
  const file = exportedFile(folder, manifest, key);
  return file && fs.existsSync(file) ? { file, exports: await import(pathToFileURL(file).href) } : null;
}

function parserExport(found) {
  if (!found) return null;
  const names = Object.keys(found.exports);
  const exportName =
    names.find((name) => name === "createStdoutParser") ??
    names.find((name) => name === "parseStdoutLine") ??
    names.find((name) => /^parse\w*StdoutLine$/.test(name));
  return exportName ? { url: pathToFileURL(found.file).href, exportName } : null;
}

/** Registration spreads the object, so methods on a prototype are lost, as upstream loses them. */
function serverModule(root, server, specifier) {
  if (typeof root?.exports.createServerAdapter === "function") {
    const module = { ...root.exports.createServerAdapter() };
    if (!module.type) throw new Error(`createServerAdapter() of "${specifier}" returned no adapter with a type`);
    return module;
  }
  if (typeof server?.exports.execute !== "function") {
    throw new Error(`"${specifier}" exports neither createServerAdapter() nor a "./server" with execute()`);
  }
  if (!root?.exports.type) throw new Error(`"${specifier}" exports no adapter type`);
  // Paperclip's registry takes the type, the models and the documentation from the package's root.
  return { ...root.exports, ...server.exports };
}

/** @param {string} specifier an npm package name, or the absolute path of a package folder */
export async function loadAdapter(specifier) {
  const folder = packageFolder(specifier);
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
  const root = await importExport(folder, manifest, ".");
  const server = await importExport(folder, manifest, "./server");
  const ui = (await importExport(folder, manifest, "./ui-parser")) ?? (await importExport(folder, manifest, "./ui"));
  const module = serverModule(root, server, specifier);
  if (typeof module.execute !== "function") throw new Error(`the adapter of "${specifier}" has no execute()`);
  return {
    module,
    packageVersion: manifest.version ?? null,
    capabilities: OPTIONAL_PARTS.filter((part) => module[part] !== undefined),
    uiParser: parserExport(ui),
    /** Not part of Paperclip's contract: an adapter with long-lived processes may export it. */
    shutdown: root?.exports.shutdown,
  };
}
