// Verifies bundles by verify.js. Asked by test_verify_bundle.py: verify_in_node.mjs MODULE ASKED WITHOUT, where ASKED is a list of
// {file, key}, and WITHOUT what the platform is to lack; prints what was found in each, whole numbers as text, as one line of JSON.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [module, asked, without] = process.argv.slice(2);
const { importKey } = crypto.subtle;
const lacking = {
  Ed25519: () => (crypto.subtle.importKey = (format, data, how, ...more) => {
    if (how.name === "Ed25519") throw new DOMException("Unrecognized name.", "NotSupportedError");
    return importKey.call(crypto.subtle, format, data, how, ...more);
  }),
  truth: () => (crypto.subtle.verify = async () => true),
  DecompressionStream: () => delete globalThis.DecompressionStream,
  crypto: () => Object.defineProperty(globalThis, "crypto", { value: {} }), // a page that came over http
};
lacking[without]?.();
const { verify } = await import(pathToFileURL(module));
const found = [];
for (const { file, key } of JSON.parse(await readFile(asked, "utf8"))) {
  found.push(await verify(new Uint8Array(await readFile(file)), { key, name: file }));
}
console.log(JSON.stringify(found, (_, value) => (typeof value === "bigint" ? String(value) : value)));
