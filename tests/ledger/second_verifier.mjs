// The second verifier on folders that are named on standard input, one answer a line; or what its
// group computes from values in hexadecimal digits, or the rule of bands.

import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const verifier = await import(pathToFileURL(process.argv[2]).href);
const { readFolder, verify, readPoint, writePoint, add, multiples } = verifier;

const unhex = (text) => Uint8Array.from(Buffer.from(text, "hex"));
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const point = (text) => readPoint(unhex(text));
const scalar = (text) => BigInt(`0x${hex(unhex(text).reverse())}`);
const orNull = (read) => (text) => {
  try {
    return hex(writePoint(read(text)));
  } catch {
    return null;
  }
};

const COMPUTED = {
  sha512: (texts) => texts.map((text) => hex(verifier.sha512(unhex(text)))),
  points: (texts) => texts.map(orNull(point)),
  fromHashes: (texts) => texts.map((text) => hex(writePoint(verifier.pointOfHash(unhex(text))))),
  sums: (pairs) => pairs.map(([one, other]) => hex(writePoint(add(point(one), point(other))))),
  sum: (texts) => hex(writePoint(texts.map(point).reduce(add))),
  multiples: (text, scalars) => multiples(point(text), scalars.map(scalar)).map((each) => hex(writePoint(each))),
  commitments: (pairs) => pairs.map(([value, blinding]) => hex(writePoint(verifier.commitmentTo(scalar(value), scalar(blinding))))),
  bands: (tables) => tables.map(([cells, total, minimum]) => {
    const row = new Map(cells.map(([cell, band]) => [verifier.cellOf(...cell), band]));
    return [...verifier.bandsByRule(row, total, minimum)].map(([cell, band]) => [JSON.parse(cell), band]);
  }),
  askedFor: async (folder) => {
    const files = await readFolder(folder), asked = [];
    const fetchFile = async ({ pathname }) => {
      asked.push(pathname);
      const found = files.get(pathname.slice("/ledger/".length));
      return new Response(pathname.startsWith("/ledger/") ? found : null, { status: found ? 200 : 404 });
    };
    await verifier.copy("http://localhost/ledger/", { fetchFile });
    return asked;
  },
  proved: (lines) => lines.map(([proof, commitment, place]) => verifier.isProved(unhex(proof), unhex(commitment), place)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { folder, compute, values, ...options } = JSON.parse(line);
  let answer;
  try {
    if (compute) answer = { computed: await COMPUTED[compute](...values) };
    else answer = await verify(existsSync(folder) ? await readFolder(folder) : new Map(), options);
  } catch (problem) {
    answer = { crashed: String(problem.stack ?? problem) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
