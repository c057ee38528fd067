// How one key of the log takes the place of another: the twin of succession.py, in its words.

import { NoteFault, readKey, readNote, signersOf } from "./notes.js";

const TEXT = /^([^ \t\r\n\f\v]+)\/keys\nsuccession ([1-9][0-9]{0,2})\nfrom ([^ \t\r\n\f\v]+)\nto ([^ \t\r\n\f\v]+)\nsize (0|[1-9][0-9]{0,17})\n$/;
export const PATH = /^succession\/[1-9][0-9]{0,2}$/;

/** Signed by both keys. */
export async function readSuccession(text) {
  const note = readNote(text), told = TEXT.exec(note.text);
  if (!told) throw new NoteFault("that is no succession of keys");
  const before = await readKey(told[3]), after = await readKey(told[4]);
  const found = { origin: told[1], number: Number(told[2]), before, after, size: BigInt(told[5]) };
  if ([before, after].some((key) => key.name !== found.origin || !key.isPlain)) throw new NoteFault("the succession is not written as it must be");
  if (String(before) === String(after) || (await signersOf(note, [before, after])).length !== 2) throw new NoteFault("the succession is not signed by both keys");
  return found;
}

/** The keys that are trusted of themselves, and those that they lead to: each with the sizes of the checkpoints that it may have signed. */
export function trusted(given, chain, origin) {
  chain.forEach((link, place) => {
    const before = chain[place - 1];
    if (link.origin !== origin) throw new NoteFault("the succession is that of another log");
    if (before && (link.number !== before.number + 1 || String(link.before) !== String(before.after))) throw new NoteFault("the successions do not follow each other");
    if (before && link.size < before.size) throw new NoteFault("a succession goes back behind the one before it");
  });
  const found = given.map((key) => ({ key, maySign: () => true }));
  const knows = (key) => found.some((one) => String(one.key) === String(key));
  for (const { before, after, size } of chain) {
    if (knows(before) && !knows(after)) found.push({ key: after, maySign: (at) => at >= size });
  }
  for (const { before, after, size } of [...chain].reverse()) {
    if (knows(after) && !knows(before)) found.push({ key: before, maySign: (at) => at <= size });
  }
  return found;
}
