// The second verifier on folders that are named on standard input, one answer a line.

import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { readFolder, verify } = await import(pathToFileURL(process.argv[2]).href);

for await (const line of createInterface({ input: process.stdin })) {
  const { folder, ...options } = JSON.parse(line);
  let answer;
  try {
    answer = await verify(existsSync(folder) ? await readFolder(folder) : new Map(), options);
  } catch (problem) {
    answer = { crashed: String(problem.stack ?? problem) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
