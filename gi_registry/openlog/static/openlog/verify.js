// Verifies an evidence bundle without the registry: bytes in, findings out. Nothing is fetched, sent or kept; WebCrypto in browsers
// (over https) and in Node. The twin of verifier.py: the same checks in the same order, and the same words for what is wrong
// (tests/clients/test_verify_bundle.py). Not judged here, and told so: lines by SM2 and time stamps.

import { NoteFault, OnlySm2, hex, isEd25519Here, isSame, proven, readKey, readProof, sha256, words } from "./notes.js";
import { PATH, readSuccession, trusted } from "./succession.js";
import { Unreadable, canInflate, unzip } from "./unzip.js";

export const MOST_IN_ALL = 64_000_000;
const MOST = { files: 2_000, each: 1_000_000, inAll: MOST_IN_ALL };
const MOST_DEPTH = 64, MOST_DIGITS = 4_300;
const CONTENTS = "bundle.json", KEYS = "keys.txt", TOKEN = "timestamp.tsr", HEAD = "checkpoint";
const OTHERS = [CONTENTS, KEYS, TOKEN, HEAD, "VERIFY.md", "verify.py"];
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const TOO_OLD = [
  "这个浏览器不会核对 Ed25519 签名或不会解压，或者本页没有走 https，所以什么也没有核对。请换新版浏览器，或用包内的 verify.py。",
  "This browser cannot check Ed25519 signatures or unpack the file, or the page did not come over https: nothing was checked. Take a newer browser, or verify.py in the bundle.",
];
const ONLY_SM2 = [
  "给出的公钥中只有 SM2 公钥签了名，浏览器不能核对 SM2。请用包内的 verify.py。",
  "Of the keys given only one of SM2 signed, and browsers cannot check SM2. Use verify.py in the bundle.",
];

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What does not hold, and in which file. */
class Wrong extends Error {
  constructor(where, zh, en) {
    super(`${where}: ${zh} ${en}`);
    this.fault = { where, zh, en };
  }
}
/** What cannot be judged here: neither right nor wrong. */
class Unable extends Error {
  constructor(zh, en) {
    super(en);
    this.reason = { zh, en };
  }
}

/**
 * Verifies the bytes of a bundle. `key`: verifier keys from a source of the reader's own; without them those of the bundle are taken,
 * which shows that it is whole, not who made it. `name`: what the file is called; `tell(done, all)` is told of each entry.
 *
 * verdict: "passed", "refused" (`fault`: where, zh, en; the first thing that does not hold) or "unable" (`reason`: zh, en). Besides what
 * was found until then: isOwnKey, keys, unjudged (names of SM2 keys), succeeded (keys that those lead to), origin, objects, entries, checkpoint, hasToken, besides.
 */
export async function verify(bytes, { key = "", name = "bundle.zip", tell = () => {} } = {}) {
  const found = { isOwnKey: Boolean(key), keys: [], unjudged: [], succeeded: [], origin: "", objects: [], entries: [], checkpoint: null, hasToken: false, besides: [] };
  try {
    if (!canInflate() || !(await isEd25519Here())) throw new Unable(...TOO_OLD);
    await judge(bytes, key, name, found, tell);
    return { verdict: "passed", ...found };
  } catch (error) {
    if (error instanceof Wrong) return { verdict: "refused", fault: error.fault, ...found };
    if (error instanceof Unable) return { verdict: "unable", reason: error.reason, ...found };
    throw error;
  }
}

async function judge(bytes, key, name, found, tell) {
  const files = await filesOf(bytes, name);
  const told = contentsOf(files);
  const keys = [];
  for (const one of words(key || textOf(files, KEYS))) keys.push(await keyOf(one));
  found.keys = keys.map(String);
  found.unjudged = keys.filter((one) => one.isSm2).map((one) => one.name);
  found.origin = told.get("origin");
  found.objects = told.get("objects");
  const trust = await trustedBy(files, keys, found.origin);
  found.succeeded = trust.slice(keys.length).map((one) => String(one.key));
  const said = told.get("entries"), last = new Map(found.objects.map((object) => [object, [0n, ""]]));
  let head = null, isOne = said.length > 0;
  for (const one of said) {
    const { entry, checkpoint } = await standing(files, one, trust, found, last);
    head ??= checkpoint;
    isOne &&= checkpoint.text === head.text;
    entry.payload = await disclosed(files, one, entry);
    tell(found.entries.length, said.length);
  }
  for (const [object, [count]] of last) {
    if (!count) throw new Wrong(CONTENTS, "所列对象没有条目。", `names an object without an entry: ${object}`);
  }
  if (!isOne) throw new Wrong(CONTENTS, "各证明不在同一签名摘要之下。", "the proofs are not under one checkpoint.");
  found.checkpoint = { origin: head.origin, size: head.size, root: hex(head.root) };
  mustBeTheirHead(files, said);
  found.hasToken = files.has(TOKEN);
  found.besides = besides(files, said);
}

/** The keys, and those that took their place or whose place they took: notes say so that both signed. */
async function trustedBy(files, keys, origin) {
  const paths = [...files.keys()].filter((path) => PATH.test(path)).sort((one, other) => one.split("/")[1] - other.split("/")[1]);
  const chain = [];
  let path = "";
  try {
    for (path of paths) {
      chain.push(await readSuccession(textOf(files, path)));
      if (path !== `succession/${chain.at(-1).number}`) throw new NoteFault("it is another one than its name says");
    }
    return trusted(keys, chain, origin);
  } catch (error) {
    if (!(error instanceof NoteFault)) throw error;
    throw new Wrong(path, "密钥更替不成立：", `the succession does not hold: ${error.message}`);
  }
}

/** One entry: proven under a signed checkpoint, of a listed object, and following the one of its object before. */
async function standing(files, said, trust, found, last) {
  const index = said.get("index"), where = `entries/${index}.json`, place = `proofs/${index}.tlog-proof`;
  const data = need(files, where), proof = proofOf(textOf(files, place), index);
  let checkpoint;
  try {
    checkpoint = await proven(proof, data, trust, found.origin);
  } catch (error) {
    if (error instanceof OnlySm2) throw new Unable(...ONLY_SM2);
    if (!(error instanceof NoteFault)) throw error;
    throw new Wrong(place, "证明不成立：", `the proof does not hold: ${error.message}`);
  }
  const fields = jsonOf(data, where), object = fields.get("object"), sequence = fields.get("sequence");
  const before = typeof object === "string" ? last.get(object) : undefined;
  if (!before) throw new Wrong(where, "不是所列对象的条目。", "is of another object.");
  if (sequence !== before[0] || fields.get("before") !== before[1]) {
    throw new Wrong(where, "与该对象的前一条不相接。", "does not follow the one of its object before it.");
  }
  last.set(object, [sequence + 1n, hex(await sha256(data))]);
  const text = (field) => (typeof fields.get(field) === "string" ? fields.get(field) : "");
  const entry = { index, object, type: text("type"), occurred: text("occurred_at"), recorded: text("recorded_at"), text: decoder.decode(data), commitment: fields.get("commitment"), payload: null };
  found.entries.push(entry);
  return { entry, checkpoint };
}

/** What was not public, and was handed over with its salt; null where nothing was. */
async function disclosed(files, said, entry) {
  if (!said.has("salt")) return null;
  const salt = said.get("salt"), name = `disclosed/${entry.index}.json`;
  if (typeof salt !== "string" || !/^([0-9a-f]{2})+$/.test(salt)) throw new Wrong(CONTENTS, "随机值有误。", "a salt is malformed.");
  const payload = need(files, name);
  const digest = await sha256(Uint8Array.from(salt.match(/../g), (pair) => parseInt(pair, 16)), payload);
  if (hex(digest) !== entry.commitment) throw new Wrong(name, "与条目中的摘要不符。", "is not what the entry commits to.");
  return new TextDecoder().decode(payload);
}

/** The file that a time stamp is made over must be the checkpoint that the proofs lead to. */
function mustBeTheirHead(files, said) {
  const head = need(files, HEAD);
  for (const one of said) {
    const proof = textOf(files, `proofs/${one.get("index")}.tlog-proof`);
    if (!isSame(encoder.encode(proof.slice(proof.indexOf("\n\n") + 2)), head)) {
      throw new Wrong(HEAD, "不是各证明所用的签名摘要。", "is not the checkpoint of the proofs.");
    }
  }
}

/** What lies in the bundle and is not proven. A file that nobody listed would pass for one that was checked. */
function besides(files, said) {
  const listed = new Set(OTHERS), found = [];
  for (const one of said) {
    const index = one.get("index");
    listed.add(`entries/${index}.json`).add(`proofs/${index}.tlog-proof`);
    if (one.has("salt")) listed.add(`disclosed/${index}.json`);
  }
  for (const name of [...files.keys()].sort()) {
    if (name.startsWith("besides/")) found.push(name);
    else if (!listed.has(name) && !PATH.test(name) && (files.get(name).length || !name.endsWith("/"))) throw new Wrong(name, "不属于此证据包。", "does not belong to the bundle.");
  }
  return found;
}

/** Every file of the bundle, bounded: it may come from anybody. */
async function filesOf(bytes, name) {
  let parts;
  try {
    parts = await unzip(bytes, MOST);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Wrong(name, "无法读取：", `cannot be read: ${error.message}`);
  }
  if (!parts) throw new Wrong(name, "证据包过大。", "the bundle is too large.");
  const files = new Map(parts.map((part) => [part.name, part.data]));
  if (files.size !== parts.length) throw new Wrong(name, "有重名的文件。", "two files bear one name.");
  return files;
}

function contentsOf(files) {
  const told = jsonOf(need(files, CONTENTS), CONTENTS), said = told.get("entries"), names = told.get("objects");
  const isListed = Array.isArray(said) && said.every((one) => one instanceof Map && typeof one.get("index") === "bigint");
  const isNamed = Array.isArray(names) && names.every((name) => typeof name === "string");
  if (!isListed || !isNamed || typeof told.get("origin") !== "string") throw new Wrong(CONTENTS, "目录有误。", "the list of contents is malformed.");
  return told;
}

function need(files, name) {
  if (!files.has(name)) throw new Wrong(name, "缺少此文件。", "is missing.");
  return files.get(name);
}

function textOf(files, name) {
  const data = need(files, name);
  try {
    return decoder.decode(data);
  } catch {
    throw new Wrong(name, "不是 UTF-8 文本。", "is not UTF-8.");
  }
}

function jsonOf(data, name) {
  try {
    const told = json(decoder.decode(data));
    if (told instanceof Map) return told;
  } catch { /* told below */ }
  throw new Wrong(name, "不是 JSON。", "is not JSON.");
}

function proofOf(text, index) {
  const where = `proofs/${index}.tlog-proof`;
  let proof;
  try {
    proof = readProof(text);
  } catch (error) {
    if (!(error instanceof NoteFault)) throw error;
    throw new Wrong(where, "不是证明文件：", `is no proof: ${error.message}`);
  }
  if (proof.index !== index) throw new Wrong(where, "是另一条目的证明。", "is the proof of another entry.");
  return proof;
}

async function keyOf(text) {
  try {
    return await readKey(text);
  } catch (error) {
    if (!(error instanceof NoteFault)) throw error;
    throw new Wrong([...text].slice(0, 80).join(""), "不是公钥：", `is no verifier key: ${error.message}`);
  }
}

// --- JSON as Python reads it: whole numbers as BigInt, so that none is rounded, and objects as maps ---

function json(text) {
  let at = 0;
  const must = (holds) => {
    if (!holds) throw new SyntaxError(`not JSON at ${at}`);
  };
  const skip = () => {
    while (at < text.length && " \t\n\r".includes(text[at])) at++;
  };
  const take = (sign) => {
    skip();
    const isThere = text[at] === sign;
    if (isThere) at++;
    return isThere;
  };
  const string = () => {
    const start = at - 1;
    for (; text[at] !== '"'; at++) {
      must(at < text.length);
      if (text[at] === "\\") at++;
    }
    return JSON.parse(text.slice(start, ++at));
  };
  const number = () => {
    NUMBER.lastIndex = at;
    const told = NUMBER.exec(text);
    must(told);
    at += told[0].length;
    if (told[1] || told[2]) return Number(told[0]);
    must(told[0].replace("-", "").length <= MOST_DIGITS);
    return BigInt(told[0]);
  };
  const pair = (level) => {
    must(take('"'));
    const name = string();
    must(take(":"));
    return [name, value(level)];
  };
  const several = (end, one) => {
    const found = [];
    if (take(end)) return found;
    do found.push(one()); while (take(","));
    must(take(end));
    return found;
  };
  const value = (level) => {
    skip();
    for (const [word, meant] of [["null", null], ["true", true], ["false", false]]) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return meant;
      }
    }
    if (take('"')) return string();
    const isObject = take("{");
    if (!isObject && !take("[")) return number();
    must(level < MOST_DEPTH);
    return isObject ? new Map(several("}", () => pair(level + 1))) : several("]", () => value(level + 1));
  };
  const told = value(0);
  skip();
  must(at === text.length);
  return told;
}
