// `node:readline` also ends a line at U+2028, U+2029 and a lone CR, all of which JSON text may hold as they are.

/**
 * Cuts a stream at line feeds only.
 * @param {NodeJS.ReadableStream} input UTF-8
 */
export async function* linesOf(input) {
  input.setEncoding("utf8");
  let parts = [];
  for await (const chunk of input) {
    const [first, ...others] = chunk.split("\n");
    parts.push(first);
    for (const next of others) {
      yield parts.join("");
      parts = [next];
    }
  }
  if (parts.length > 0) yield parts.join("");
}
