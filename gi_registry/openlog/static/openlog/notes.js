// Signed notes, checkpoints and proof files (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof), read and verified by
// WebCrypto. The twin of notes.py, proofs.py and tree.py: what they refuse is refused, in their words. Lines by SM2 are passed over.

const MOST_NOTE = 100_000, MOST_SIGNATURES = 64, MOST_HASHES = 63;
const ED25519 = 0x01, COSIGNATURE = 0x04, PRIVATE = 0xff;
const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"; // what Python takes for it
const LINE = new RegExp(`^\\u2014 ([^${BLANK}+]+) ([A-Za-z0-9+/]+={0,2})$`);
const encoder = new TextEncoder();
const SM2 = encoder.encode("1.2.156.10197.1.501 SM2-with-SM3 1234567812345678\n");

/** What is wrong with a note, in words of the format. */
export class NoteFault extends Error {}
/** Nobody signed whom we can judge, but an SM2 key did, or says so. */
export class OnlySm2 extends Error {}

export const words = (text) => text.split(new RegExp(`[${BLANK}]+`)).filter(Boolean);

export function readProof(text) {
  const end = text.indexOf("\n\n");
  const [first, ...lines] = (end < 0 ? text : text.slice(0, end)).split("\n");
  if (lines[0]?.startsWith("extra ")) unbase64(lines.shift().slice(6));
  const place = /^index (0|[1-9][0-9]{0,17})$/.exec(lines.shift() ?? "");
  if (first !== "c2sp.org/tlog-proof@v1" || !place || lines.length > MOST_HASHES) throw new NoteFault("that is no proof of an entry");
  const path = lines.map(unbase64);
  if (path.some((step) => step.length !== 32)) throw new NoteFault("a hash of the proof has not 32 bytes");
  return { index: BigInt(place[1]), path, note: readNote(end < 0 ? "" : text.slice(end + 2)) };
}

export function readNote(whole) {
  if (whole.length > MOST_NOTE && [...whole].length > MOST_NOTE) throw new NoteFault("the note is too long");
  if (/[\x00-\x09\x0b-\x1f]/.test(whole)) throw new NoteFault("the note holds a control character");
  const end = whole.lastIndexOf("\n\n");
  if (end <= 0 || !whole.endsWith("\n") || end + 2 === whole.length) throw new NoteFault("there is no text, or no signature");
  const signed = whole.slice(end + 2, -1).split("\n");
  if (signed.length > MOST_SIGNATURES) throw new NoteFault("there are too many signatures");
  return { text: whole.slice(0, end + 1), signatures: signed.map(readSignature) };
}

function readSignature(line) {
  const part = LINE.exec(line), data = part ? unbase64(part[2]) : [];
  if (!part || !isKeyName(part[1]) || data.length < 5) throw new NoteFault("a line under the note is no signature");
  return { name: part[1], id: hex(data.slice(0, 4)), blob: data.slice(4) };
}

function readCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.length < 4 || lines.pop() || !lines.every(Boolean)) throw new NoteFault("a checkpoint has three lines or more, and none is empty");
  const root = unbase64(lines[2]);
  if (!/^(0|[1-9][0-9]{0,17})$/.test(lines[1]) || root.length !== 32) throw new NoteFault("the size or the root of the checkpoint is malformed");
  return { text, origin: lines[0], size: BigInt(lines[1]), root };
}

/** Which of these keys signed; a line that bears the name and id of one and is not its own is a fault. Keys of SM2 are not judged. */
export async function signersOf(note, keys) {
  const known = new Map(keys.map((key) => [`${key.name} ${key.id}`, key])), found = new Set();
  for (const { name, id, blob } of note.signatures) {
    const key = known.get(`${name} ${id}`);
    if (key && !key.isSm2 && !(await key.made(note.text, blob))) throw new NoteFault(`the signature of ${name} is wrong`);
    if (key) found.add(key);
  }
  return [...found];
}

/** The checkpoint under which the entry stands, signed by one of the keys that may have signed it at its size. */
export async function proven({ index, path, note }, entry, trust, origin) {
  const signers = await signersOf(note, trust.map((one) => one.key)), judged = signers.filter((key) => !key.isSm2);
  if (!judged.length && signers.length) throw new OnlySm2();
  if (!judged.length) throw new NoteFault("no key of the log signed the checkpoint");
  const head = readCheckpoint(note.text);
  if (!trust.some((one) => signers.includes(one.key) && one.maySign(head.size))) throw new NoteFault("the key that signed the checkpoint was not the log's at that size");
  if (head.origin !== origin) throw new NoteFault("the checkpoint is that of another log");
  const root = await rootBy(await sha256([0], entry), index, head.size, path);
  if (!root || !isSame(root, head.root)) throw new NoteFault("the proof does not lead from the entry to the checkpoint");
  return head;
}

/** The root to which a proof leads from the hash of a leaf (RFC 9162, 2.1.3.2); null when it is no proof. */
async function rootBy(leaf, index, size, path) {
  if (index >= size) return null;
  let place = index, last = size - 1n, node = leaf;
  for (const beside of path) {
    if (last === 0n) return null;
    if (place & 1n || place === last) {
      node = await sha256([1], beside, node);
      for (; !(place & 1n) && place; place >>= 1n) last >>= 1n;
    } else node = await sha256([1], node, beside);
    place >>= 1n;
    last >>= 1n;
  }
  return last === 0n ? node : null;
}

export async function readKey(text) {
  const [name, told, ...coded] = text.split("+");
  const data = unbase64(coded.join("+"));
  if (data.length < 2) throw new NoteFault("that is no verifier key");
  if (!isKeyName(name)) throw new NoteFault("a key's name has no space and no +");
  const type = data[0], isPrivate = type === PRIVATE, isSm2 = isPrivate && isSame(data.slice(1, 1 + SM2.length), SM2);
  const id = hex((await sha256(encoder.encode(`${name}\n`), data)).slice(0, 4));
  if (id !== told) throw new NoteFault("the id does not belong to this key");
  const isEd25519 = type === ED25519 || type === COSIGNATURE;
  if (isEd25519 && data.length !== 33) throw new NoteFault("an Ed25519 key has 32 bytes");
  if (isSm2 && (data.length !== 66 + SM2.length || data[1 + SM2.length] !== 4)) throw new NoteFault("an SM2 key is a point of 65 bytes");
  const made = (message, blob) => {
    if (!isEd25519) throw new NoteFault(`no verifier for keys of type 0x${type.toString(16).padStart(2, "0")}`);
    if (type === ED25519) return isSigned(data.slice(1), message, blob);
    if (blob.length !== 72) return false;
    const at = new DataView(blob.buffer, blob.byteOffset).getBigUint64(0);
    return isSigned(data.slice(1), `cosignature/v1\ntime ${at}\n${message}`, blob.slice(8));
  };
  return { name, id, isSm2, isPlain: type === ED25519, made, toString: () => text };
}

const isKeyName = (name) => name !== "" && !/[+\p{C}\p{Z}]/u.test(name);

function unbase64(text) {
  const told = "that is not base64 as it is written here";
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) throw new NoteFault(told);
  const raw = atob(text);
  if (btoa(raw) !== text) throw new NoteFault(told);
  return Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
}

export async function sha256(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
}

async function isSigned(point, message, signature) {
  const key = await crypto.subtle.importKey("raw", point, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, encoder.encode(message));
}

/** Tried on the first vector of RFC 8032, and on the same spoilt: a platform that cannot tell them apart judges nothing. */
export async function isEd25519Here() {
  const point = unbase64("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  const signature = unbase64("5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFDjnoQCw==");
  try {
    return (await isSigned(point, "", signature)) && !(await isSigned(point, "x", signature));
  } catch {
    return false;
  }
}

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const isSame = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
