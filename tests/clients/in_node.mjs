// Holds unit-code.js to the vectors. Asked by test_unit_code.py: in_node.mjs MODULE VECTORS MADE, where MADE are codes made in
// Python; prints what was done as one line of JSON, and fails with the first difference.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [module, vectors, made] = process.argv.slice(2);
const code = await import(pathToFileURL(module));
const json = async (file) => JSON.parse(await readFile(file, "utf8"));
const { master, units, typed } = await json(vectors);
const bytes = Uint8Array.from(master.match(/../g), (pair) => parseInt(pair, 16));
const keysOf = (unit) => code.unitKeys({ ...unit, master: bytes });

for (const unit of units) {
  const keys = await keysOf(unit);
  assert.equal(await code.codeAt(keys, unit.index), unit.code);
  assert.equal(await code.read(unit.code, keys), unit.index);
  assert.equal(await code.pinAt(keys, unit.index), unit.pin);
  for (const other of [{ lot: "000000001T" }, { gtin: "06901234567908" }, { epoch: "2027" }, { ordinal: unit.ordinal ^ 2 }]) {
    assert.equal(await code.read(unit.code, await keysOf({ ...unit, ...other })), null);
  }
}
for (const one of typed) {
  assert.equal(code.normalise(one.typed), one.code);
  assert.equal(!code.isWellFormed(one.code), one.is_mistyped, one.typed);
}
const fromPython = await json(made);
const keys = await keysOf(fromPython.issuance);
for (const [index, unit] of fromPython.codes.entries()) {
  assert.equal(await code.codeAt(keys, index), unit.code);
  assert.equal(await code.read(unit.code, keys), index);
  assert.equal(await code.pinAt(keys, index), unit.pin);
}
let slips = 0;
for (const { code: right } of fromPython.codes.slice(0, 100)) {
  for (let place = 0; place < right.length; place++) {
    for (const letter of code.ALPHABET.replace(right[place], "")) {
      assert.ok(!code.isWellFormed(right.slice(0, place) + letter + right.slice(place + 1)));
      slips++;
    }
    const swapped = right.slice(0, place) + (right[place + 1] ?? "") + right[place] + right.slice(place + 2);
    assert.ok(swapped === right || !code.isWellFormed(swapped));
  }
}
for (const wrong of [-1, 2 ** 25, 0.5, NaN]) await assert.rejects(code.codeAt(keys, wrong), RangeError);
for (const wrong of ["", "0".repeat(19), "U".repeat(20), `${fromPython.codes[0].code}0`]) await assert.rejects(code.read(wrong, keys), RangeError);
for (const wrong of [{ ordinal: 32 }, { gtin: "" }, { lot: "A|B" }, { epoch: "../2026" }]) {
  await assert.rejects(keysOf({ ...fromPython.issuance, ...wrong }), RangeError);
}
console.log(JSON.stringify({ vectors: units.length, typed: typed.length, made: fromPython.codes.length, slips }));
