// Unit codes without the service: tells a slip from a code and, given a master key, makes and reads codes.
// Nothing but WebCrypto, in browsers (over https) and in Node. The twin of trace/codes/: both are held to
// tests/vectors/unit_codes.json. The format: docs/keys.md.

export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const UNIT_LENGTH = 20;
export const MOST_ISSUANCES = 2 ** 5;
export const MOST_UNITS = 2 ** 25;

const FORGIVEN = { I: "1", L: "1", O: "0" };
const INDEX_BITS = 25n;
const TAG_BITS = 65n;
const text = new TextEncoder();

/** What a person typed, made comparable: full-width forms, case, blanks and hyphens, and the look-alikes I, L, O. */
export function normalise(typed) {
  const plain = typed.normalize("NFKC").toUpperCase();
  return plain.replace(/[\s\-_\u2010\u2012-\u2015\u2212\u00ad\u200b-\u200f\u2060\ufeff]/gu, "").replace(/[ILO]/g, (letter) => FORGIVEN[letter]);
}

/** The check character of a body: the sum of v_i * alpha^i over GF(32), polynomial x^5 + x^2 + 1, alpha = 2. */
export function checkCharacter(body) {
  let total = 0;
  for (let place = body.length - 1; place >= 0; place--) { // Horner: the first character is doubled once, the last most often
    total = (total ^ ALPHABET.indexOf(body[place])) << 1;
    if (total & 32) total ^= 0b100101;
  }
  return ALPHABET[total];
}

/** Whether a normalised lot (10 characters) or unit code (20) has its length, alphabet and check character. */
export function isWellFormed(number, length = UNIT_LENGTH) {
  return number.length === length && [...number].every((character) => ALPHABET.includes(character)) &&
    checkCharacter(number.slice(0, -1)) === number.at(-1);
}

/** Ordinal, shown index and tag (a BigInt) of a well-formed code; RangeError for anything else. */
export function split(code) {
  if (!isWellFormed(code)) throw new RangeError("not a unit code");
  let body = 0n;
  for (const character of code.slice(0, -1)) body = (body << 5n) | BigInt(ALPHABET.indexOf(character));
  const shown = Number(BigInt.asUintN(25, body >> TAG_BITS));
  return { ordinal: Number(body >> (TAG_BITS + INDEX_BITS)), shown, tag: BigInt.asUintN(65, body) };
}

/** The code that shows these three numbers. */
export function join({ ordinal, shown, tag }) {
  let body = (((BigInt(ordinal) << INDEX_BITS) | BigInt(shown)) << TAG_BITS) | tag;
  let code = "";
  for (let place = 1; place < UNIT_LENGTH; place++, body >>= 5n) code = ALPHABET[Number(body & 31n)] + code;
  return code + checkCharacter(code);
}

/**
 * The keys of one issuance, as WebCrypto keys that cannot be read out again.
 * master: 32 bytes; gtin: 14 digits or "-"; ordinal: 0 to 31. RangeError when there can be no such issuance.
 */
export async function unitKeys({ master, epoch, gtin, lot, ordinal }) {
  const exists = master.length === 32 && /^[0-9A-Za-z][0-9A-Za-z_-]{0,31}$/.test(epoch) && /^([0-9]{14}|-)$/.test(gtin) &&
    /^[0-9A-Za-z]{1,20}$/.test(lot) && Number.isInteger(ordinal) && ordinal >= 0 && ordinal < MOST_ISSUANCES;
  if (!exists) throw new RangeError("no such issuance");
  const base = await crypto.subtle.importKey("raw", master, "HKDF", false, ["deriveKey"]);
  const derive = (use) => {
    const info = new Uint8Array([...text.encode(`gi-unit/v1|${use}|${gtin}|${lot}|`), ordinal]);
    const by = { name: "HKDF", hash: "SHA-256", salt: text.encode(epoch), info };
    return crypto.subtle.deriveKey(by, base, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]);
  };
  const [tag, enc, pin] = await Promise.all(["tag", "enc", "pin"].map(derive));
  return { ordinal, tag, enc, pin };
}

/** The code of one unit; RangeError beyond what a code can hold. */
export async function codeAt(keys, index) {
  if (!(Number.isInteger(index) && index >= 0 && index < MOST_UNITS)) throw new RangeError("no such unit");
  const tag = await tagOf(keys, index);
  return join({ ordinal: keys.ordinal, shown: index ^ (await maskOf(keys, tag)), tag });
}

/** The index of a well-formed code under these keys, or null when they did not sign it. */
export async function read(code, keys) {
  const { ordinal, shown, tag } = split(code);
  const index = shown ^ (await maskOf(keys, tag));
  return ordinal === keys.ordinal && (await tagOf(keys, index)) === tag ? index : null;
}

/** The eight hidden digits of a unit. */
export async function pinAt(keys, index) {
  return String((await mac(keys.pin, BigInt(index), 4)) % 100_000_000n).padStart(8, "0");
}

const tagOf = async (keys, index) => (await mac(keys.tag, BigInt(index), 4)) >> (256n - TAG_BITS);
const maskOf = async (keys, tag) => Number((await mac(keys.enc, tag, 9)) >> (256n - INDEX_BITS));

/** HMAC-SHA256 of a number of so many bytes, big-endian, as a number of 256 bits. */
async function mac(key, number, length) {
  const message = Uint8Array.from({ length }, (_, place) => Number((number >> BigInt(8 * (length - 1 - place))) & 255n));
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
  return bytes.reduce((total, byte) => (total << 8n) | BigInt(byte), 0n);
}
