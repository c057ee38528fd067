// Reads a zip that may come from anybody: files stored or deflated, apart from each other, bounded before anything is unpacked. Whatever
// else a zip may be is refused.

/** Why bytes are no zip that is read here. */
export class Unreadable extends Error {}

/** The files of a zip as {name, data}, in its order; null where there are more or larger ones than `most` allows (files, each, inAll). */
export async function unzip(bytes, most) {
  const [parts, end] = partsOf(bytes), sizes = parts.map((part) => part.size);
  if (parts.length > most.files || sizes.some((size) => size > most.each) || sizes.reduce((sum, size) => sum + size, 0) > most.inAll) return null;
  mustLieApart(bytes, parts, end);
  const found = [];
  for (const part of parts) found.push({ name: part.name, data: await unpacked(part) });
  return found;
}

/** The list of files at the end of a zip, and where it begins. */
function partsOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length), end = bytes.length - 22, parts = [];
  mustRead(end >= 0 && view.getUint32(end, true) === 0x06054b50 && view.getUint16(end + 20, true) === 0, "it is no zip file, or cut short");
  const start = view.getUint32(end + 16, true);
  mustRead(start + view.getUint32(end + 12, true) === end, "the list of files is not where it should be");
  for (let at = start; at < end;) {
    mustRead(at + 46 <= end && view.getUint32(at, true) === 0x02014b50, "the list of files is broken");
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const extra = at + 46 + nameLength, next = extra + extraLength + noteLength;
    mustRead(next <= end, "the list of files is broken");
    const flags = view.getUint16(at + 8, true), method = view.getUint16(at + 10, true);
    const [crc, packed, size, offset] = [16, 20, 24, 42].map((place) => view.getUint32(at + place, true));
    mustRead(!(flags & 0x61) && (method === 0 || method === 8) && bytes[at + 6] <= 63, "a file is encrypted, or packed in an unusual way");
    for (let field = extra; field + 4 <= extra + extraLength;) {
      const kind = view.getUint16(field, true);
      field += 4 + view.getUint16(field + 2, true);
      // Sizes beyond 4 GB, and names that only some programs read.
      mustRead(field <= extra + extraLength && kind !== 0x0001 && kind !== 0x7075, "a file is described in an unusual way");
    }
    parts.push({ name: nameIn(bytes.subarray(at + 46, extra), flags), method, crc, packed, size, offset });
    at = next;
  }
  mustRead(parts.length === view.getUint16(end + 10, true), "the list of files is broken");
  return [parts, start];
}

/** Files over one another are how a small zip holds a huge one. */
function mustLieApart(bytes, parts, end) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let start = 0;
  for (const part of [...parts].sort((one, other) => one.offset - other.offset)) {
    const { offset } = part;
    mustRead(offset >= start && offset + 30 <= end && view.getUint32(offset, true) === 0x04034b50, "files overlap, or are not where they should be");
    const name = offset + 30, extra = name + view.getUint16(offset + 26, true), data = extra + view.getUint16(offset + 28, true);
    start = data + part.packed;
    mustRead(start <= end, "a file overlaps the list of files");
    mustRead(nameIn(bytes.subarray(name, extra), view.getUint16(offset + 6, true)) === part.name, "a file bears two names");
    part.data = bytes.subarray(data, start);
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function nameIn(bytes, flags) {
  let name = "";
  try {
    name = flags & 0x800 ? decoder.decode(bytes) : String.fromCharCode(...bytes);
  } catch { /* told below */ }
  mustRead(name && !name.includes("\0"), "the name of a file cannot be read");
  return name;
}

async function unpacked({ method, packed, size, data, crc }) {
  mustRead(method === 8 || packed === size, "a file is not as long as it says");
  const found = method === 8 ? await inflated(data, size) : data;
  mustRead(crc32(found) === crc, "a file is not what was packed");
  return found;
}

export function canInflate() {
  try {
    return Boolean(new DecompressionStream("deflate-raw"));
  } catch {
    return false;
  }
}

/** Never more than was said: the bytes go in by small pieces, and what swells beyond its size is dropped. */
async function inflated(data, size) {
  let at = 0, length = 0;
  const PIECE = 4096, found = new Uint8Array(size);
  const pieces = new ReadableStream({
    pull(to) {
      if (at >= data.length) to.close();
      else to.enqueue(data.slice(at, at += PIECE));
    },
  }, { highWaterMark: 0 });
  const reader = pieces.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (length + value.length > size) throw new Unreadable("it swells");
      found.set(value, length);
      length += value.length;
    }
  } catch {
    reader.cancel().catch(() => {});
    length = -1;
  }
  mustRead(length === size, "a file is not as long as it says, or broken");
  return found;
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});
const crc32 = (bytes) => ~bytes.reduce((rest, byte) => CRC[(rest ^ byte) & 255] ^ (rest >>> 8), -1) >>> 0;

function mustRead(holds, why) {
  if (!holds) throw new Unreadable(why);
}
