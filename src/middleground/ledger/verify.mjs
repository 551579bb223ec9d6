// A second verifier for middleground's ledger, in one file.
//
// It reads the files that a host publishes and says what holds, what fails, and what the files
// cannot tell. It was written from docs/ledger.md and shares no code with the first verifier, which
// is in Python: where both say the same, a mistake in one of them is not what you see.
//
//   node verify.mjs FOLDER          a copy of the files on your machine
//   import { copy, verify } from "./verify.mjs"     in a page; see the end of this file
//
// It needs no other file. It runs in Node 20 and newer, and in a browser whose WebCrypto knows
// Ed25519; in one that does not, signatures are left open and the verdict is not green. Nothing is
// sent anywhere: `copy` only asks for the host's public files.
//
// Order: bytes · SHA-256 · tree · codecs · notes and signatures · records · files · checks · verdict ·
// copying · command line.

// ── Bytes ────────────────────────────────────────────────────────────────────────────────────────

const UTF8 = new TextEncoder();
export const bytesOf = (text) => UTF8.encode(text);

// What is wrong with a file. Every reader throws it, and only the checks catch it.
class Bad extends Error {}
class UnknownKind extends Bad {}
const bad = (message) => { throw new Bad(message); };

function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bad("the file is not UTF-8");
  }
}

// For names in files that may hold anything; what is not UTF-8 becomes a replacement character.
const looseText = (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

function same(one, other) {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

// Standard base64, in the one spelling that an encoder gives.
function fromBase64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) bad("a line is not base64");
  const raw = atob(text);
  if (btoa(raw) !== text) bad("a line is not base64 in its only spelling");
  return Uint8Array.from(raw, (character) => character.charCodeAt(0));
}

// Splits a text at the first separator; null where the separator does not occur.
function cut(text, separator) {
  const place = text.indexOf(separator);
  return place < 0 ? null : [text.slice(0, place), text.slice(place + separator.length)];
}

// ── SHA-256 (FIPS 180-4) ─────────────────────────────────────────────────────────────────────────
// WebCrypto has it too, but only one promise for each hash, and a log has millions of hashes.

const PRIMES = [];
for (let n = 2; PRIMES.length < 64; n++) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);
const fraction = (value) => Math.floor((value - Math.floor(value)) * 2 ** 32) | 0;
const ROUND = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const WORDS = new Int32Array(64);

function hashBlock(state, view, at) {
  const w = WORDS;
  for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15], y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3];
  let e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

export function sha256(bytes) {
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0);
  const state = START.slice();
  for (let at = 0; at < padded.length; at += 64) hashBlock(state, view, at);
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => out.setInt32(4 * i, word));
  return new Uint8Array(out.buffer);
}

// ── The tree (RFC 6962, section 2.1) ─────────────────────────────────────────────────────────────

const EMPTY_ROOT = sha256(new Uint8Array(0));
const leafHash = (entry) => sha256(joined(Uint8Array.of(0), entry));
const nodeHash = (left, right) => sha256(joined(Uint8Array.of(1), left, right));

// Computes the root at each wanted size of a log in one pass. It keeps only the complete subtrees at
// the right edge.
function rootsAt(leaves, sizes) {
  const found = new Map();
  const peaks = []; // [how many leaves, root], the largest first
  const root = () => peaks.reduceRight((right, [, left]) => (right ? nodeHash(left, right) : left), null);
  const note = (size) => { if (sizes.has(size)) found.set(size, root() ?? EMPTY_ROOT); };
  note(0);
  const most = Math.max(0, ...sizes);
  for (let size = 1; size <= Math.min(most, leaves.length); size++) {
    let count = 1, hash = leaves[size - 1];
    while (peaks.length && peaks.at(-1)[0] === count) {
      hash = nodeHash(peaks.pop()[1], hash);
      count *= 2;
    }
    peaks.push([count, hash]);
    note(size);
  }
  return found;
}

const rootOf = (leaves) => rootsAt(leaves, new Set([leaves.length])).get(leaves.length);

// RFC 9162, section 2.1.3.2. The numbers are BigInt: a proof may name any place up to 2^63.
function isIncluded(leaf, index, size, root, proof) {
  if (index >= size) return false;
  let place = index, last = size - 1n, hash = leaf;
  for (const sibling of proof) {
    if (last === 0n) return false;
    if (place & 1n || place === last) {
      hash = nodeHash(sibling, hash);
      while (!(place & 1n) && place) { place >>= 1n; last >>= 1n; }
    } else {
      hash = nodeHash(hash, sibling);
    }
    place >>= 1n;
    last >>= 1n;
  }
  return last === 0n && same(hash, root);
}

// ── Codecs: how a value is written, in exactly one way ───────────────────────────────────────────

const BIGGEST = 2n ** 63n - 1n;

// Numbers stay decimal text where they are names, and become BigInt where they are used in sums.
function number(text) {
  if (!/^(0|[1-9][0-9]{0,18})$/.test(text) || BigInt(text) > BIGGEST) bad(`“${text}” is not a number`);
  return text;
}
function matching(pattern, what) {
  return (text) => (pattern.test(text) ? text : bad(`“${text}” is not ${what}`));
}
const label = matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "a label");
const hash = matching(/^[0-9a-f]{64}$/, "a hash");
const nonce = matching(/^[0-9a-f]{32}$/, "a nonce");
const voteWord = matching(/^(agree|pass|disagree)$/, "a vote");
function plainText(text) {
  if (/[\x00-\x1f\x7f]/.test(text) || Array.from(text).length > 8000) bad("a text is too long or not plain");
  return text;
}

// Writes the bytes of a record: its kind, then a line for each of these names.
const linesOf = (kind, names, record) => bytesOf(`${kind}\n${names.map((name) => `${name} ${record[name]}\n`).join("")}`);

const smaller = (one, other) => (BigInt(one) < BigInt(other) ? -1 : BigInt(one) > BigInt(other) ? 1 : 0);

function mustRise(numbers, message) {
  numbers.forEach((each, i) => { if (i && smaller(numbers[i - 1], each) >= 0) bad(message(i)); });
}

// Reads a line with the kind, then lines with name and value, in exactly this order.
function readRecord(kind, fields, text) {
  const lines = text.split("\n");
  const names = Object.keys(fields);
  if (lines[0] !== kind || lines.length !== names.length + 2 || lines.at(-1) !== "") bad(`this is no ${kind}`);
  const record = { kind };
  names.forEach((name, i) => {
    if (!lines[i + 1].startsWith(`${name} `)) bad(`${name} is not where it belongs`);
    record[name] = fields[name](lines[i + 1].slice(name.length + 1));
  });
  return record;
}

const KINDS = {
  "vote/v1": { dialogue: label, seal: hash },
  "settings/v1": { dialogue: label, document: hash },
  "sealed-text/v1": { dialogue: label, collection: label, number, seal: hash },
  "moderation/v1": { dialogue: label, statement: number, action: label, reason: label },
  "merge/v1": { dialogue: label, statement: number, into: number },
  "invitations/v1": { dialogue: label, tier: label, count: number },
  "erasures/v1": { dialogue: label, votes: number, texts: number },
  "map/v1": { dialogue: label, document: hash, votes: hash, engine: label, seed: number, options: plainText },
};

function readEntry(entry) {
  const end = entry.indexOf(10);
  const kind = end < 0 ? "" : looseText(entry.subarray(0, end));
  if (!Object.hasOwn(KINDS, kind)) throw new UnknownKind("the entry is of an unknown kind");
  return readRecord(kind, KINDS[kind], textOf(entry));
}

const NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
const GENERAL_FORM = new RegExp(`^${NAME}/v[1-9][0-9]{0,8}\n(${NAME} [^\n]*\n)*$`);

// Reads what can be read of an entry of an unknown kind. No check asks for records of such a kind.
function readUnknown(entry) {
  const text = reading([], "", () => textOf(entry)) ?? "";
  if (!GENERAL_FORM.test(text)) return null;
  const [kind, ...lines] = text.slice(0, -1).split("\n");
  const fields = new Map(lines.map((line) => cut(line, " ")));
  const valueOf = (name, codec) => reading([], "", () => codec(fields.get(name) ?? ""));
  return fields.size < lines.length ? null : { kind, dialogue: valueOf("dialogue", label), document: valueOf("document", hash) };
}

const OPENING = { client: nonce, server: nonce, dialogue: label, statement: number, tag: hash, vote: voteWord };

// Computes the leaf that a vote's opening must give: the seal is a hash of lines, and the entry holds
// the seal.
const leafOf = (vote) => leafHash(linesOf("vote/v1", ["dialogue", "seal"], { ...vote, seal: sealOf(vote) }));
const sealOf = (vote) => hexOf(sha256(linesOf("vote-opening/v1", Object.keys(OPENING), vote)));
const sealOfText = (text) => hexOf(sha256(linesOf("text-opening/v1", ["salt", "dialogue", "collection", "number", "text"], text)));
const isStatement = (record) => record.kind === "sealed-text/v1" && record.collection === "statements";

// ── Signed notes, keys, checkpoints (c2sp.org) ───────────────────────────────────────────────────

const NOTE = 1, COSIGNATURE = 4;
// Unicode's white space, spelled out, because languages do not agree on it.
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const isName = (name) => name !== "" && !/[+\x00-\x1f]/.test(name) && !SPACE.test(name);

export function readKey(line) {
  const edges = new RegExp(`^${SPACE.source}+|${SPACE.source}+$`, "g");
  const [name, rest] = cut(line.replace(edges, ""), "+") ?? bad("a key has three parts");
  const [id, material] = cut(rest, "+") ?? bad("a key has three parts");
  const bytes = fromBase64(material);
  if (bytes.length !== 33 || ![NOTE, COSIGNATURE].includes(bytes[0]) || !isName(name)) bad("the key is of no known kind");
  const right = hexOf(sha256(joined(bytesOf(`${name}\n`), bytes)).subarray(0, 4));
  if (id !== right) bad(`the key's id should be ${right}`);
  return { name, kind: bytes[0], public: bytes.slice(1), id, line: `${name}+${id}+${material}` };
}

function readNote(bytes) {
  if (bytes.length > 1_000_000) bad("the note is too long");
  const whole = textOf(bytes);
  if (/[\x00-\x09\x0b-\x1f]/.test(whole)) bad("the note holds a control character");
  const gap = whole.lastIndexOf("\n\n");
  if (gap < 0 || !whole.endsWith("\n") || gap + 2 >= whole.length) bad("no empty line stands before the signatures");
  const lines = whole.slice(gap + 2, -1).split("\n");
  if (lines.length > 64) bad("the note has too many signatures");
  return { text: whole.slice(0, gap + 1), signatures: lines.map(readSignature) };
}

function readSignature(line) {
  const parts = line.split(" ");
  if (parts.length !== 3 || parts[0] !== "—" || !isName(parts[1])) bad("a signature line is wrong");
  const data = fromBase64(parts[2]);
  if (data.length < 5) bad("a signature is too short");
  return { name: parts[1], id: hexOf(data.subarray(0, 4)), data: data.subarray(4) };
}

// Tests whether this browser can check Ed25519: it must accept a valid signature and refuse an invalid
// one.
// (The example is RFC 8032, section 7.1, test 1: the empty message.)
let able;
export function canCheckSignatures() {
  able ??= (async () => {
    const raw = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
    const key = raw("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    const good = raw(
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b" +
      "d25bf5f0595bbe24655141438e7a100b");
    const wrong = Uint8Array.from(good, (byte, i) => byte ^ (i === 0));
    try {
      return (await ed25519(key, good, new Uint8Array(0))) && !(await ed25519(key, wrong, new Uint8Array(0)));
    } catch {
      return false;
    }
  })();
  return able;
}

async function ed25519(publicKey, signature, message) {
  const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
}

// Checks a signature by a key that anybody may have invented: a key that is no point of the curve
// signs nothing.
async function isSignature(key, signature, message) {
  try {
    return await ed25519(key.public, signature, message);
  } catch {
    return false;
  }
}

const signaturesOf = (note, key) => note.signatures.filter((each) => each.name === key.name && each.id === key.id);

// Throws unless the key signed the note, and also where a signature in the key's name is wrong.
async function mustBeSigned(note, key) {
  const ours = signaturesOf(note, key);
  if (await canCheckSignatures()) {
    for (const each of ours) {
      if (!(await isSignature(key, each.data, bytesOf(note.text)))) bad(`the signature in the name of ${key.name} is forged`);
    }
  }
  if (!ours.length || key.kind !== NOTE) bad(`${key.name} did not sign it`);
}

async function openCheckpoint(bytes, key) {
  const note = readNote(bytes);
  await mustBeSigned(note, key);
  const lines = note.text.split("\n");
  if (lines.length !== 4 || lines[3] || !lines[0]) bad("a checkpoint has three lines");
  if (!/^(0|[1-9][0-9]{0,18})$/.test(lines[1])) bad("the size is not a plain number");
  const root = fromBase64(lines[2]);
  const size = Number(lines[1]);
  if (root.length !== 32 || (size === 0 && !same(root, EMPTY_ROOT))) bad("the root is not of a tree of that size");
  if (lines[0] !== key.name) bad(`it is of another log, ${lines[0]}`);
  return { size, exactSize: BigInt(lines[1]), root, note };
}

// When a witness signed a checkpoint, as seconds since 1970 (BigInt); null if it did not.
async function cosignedAt(note, key) {
  let latest = null;
  for (const each of signaturesOf(note, key)) {
    const time = each.data.subarray(0, 8).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    const message = bytesOf(`cosignature/v1\ntime ${time}\n${note.text}`);
    if (time <= 0n || time > BIGGEST || !(await isSignature(key, each.data.subarray(8), message))) {
      bad(`the cosignature in the name of ${key.name} is forged`);
    }
    if (latest === null || time > latest) latest = time;
  }
  return latest;
}

function inWords(seconds) {
  if (seconds > 253_402_300_799n) return `second ${seconds} of this calendar`;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

// ── The files of a result ────────────────────────────────────────────────────────────────────────

// The lines below a file's first ones, which tell what it is about.
function linesBelow(head, text, message) {
  if (!text.startsWith(head) || !text.endsWith("\n")) bad(message);
  return text.slice(head.length).split("\n").slice(0, -1);
}

function readOpenings(text, dialogue, statement) {
  const head = `vote-openings/v1\ndialogue ${dialogue}\nstatement ${statement}\n`;
  const votes = linesBelow(head, text, "the file does not begin with its statement").map((line, i) => {
    const cells = line.split(" ");
    if (cells.length !== 5) bad(`line ${i + 4}: five values belong here`);
    const vote = { client: nonce(cells[1]), server: nonce(cells[2]), dialogue, statement };
    return { index: BigInt(number(cells[0])), vote: { ...vote, tag: hash(cells[3]), vote: voteWord(cells[4]) } };
  });
  mustRise(votes.map((each) => each.index), (i) => `line ${i + 4}: leaf ${votes[i].index} stands twice or out of order`);
  return votes;
}

function readTotals(text, dialogue) {
  const [first, ...lines] = linesBelow(`vote-totals/v1\ndialogue ${dialogue}\n`, text, "the file does not begin with its dialogue");
  if (!first?.startsWith("withheld-votes ")) bad("the withheld votes are missing");
  const withheld = BigInt(number(first.slice("withheld-votes ".length)));
  // Statement and "agree 1 pass 2 disagree 3", or null where it is withheld.
  const tallies = lines.map((line) => {
    const match = /^statement (\S+) (?:withheld|(agree (\S+) pass (\S+) disagree (\S+)))$/.exec(line);
    if (!match) bad(`“${line}” is not a statement's total`);
    if (match[2]) match.slice(3, 6).forEach(number);
    return [number(match[1]), match[2] ?? null];
  });
  mustRise(tallies.map(([statement]) => statement), () => "a statement stands twice or out of order");
  return { dialogue, withheld, tallies: new Map(tallies) };
}

function readTexts(text, dialogue, collection) {
  const head = `text-openings/v1\ndialogue ${dialogue}\ncollection ${collection}\n`;
  const texts = linesBelow(head, text, "the file does not begin with its collection").map((line, i) => {
    const [, place, salt, words] = /^([^ ]*) ([^ ]*) (.*)$/s.exec(line) ?? bad(`line ${i + 4}: number, salt and words belong here`);
    return { number: number(place), salt: nonce(salt), text: plainText(words) };
  });
  mustRise(texts.map((each) => each.number), (i) => `line ${i + 4}: out of order`);
  return texts;
}

function readSizes(text) {
  if (text && !text.endsWith("\n")) bad("the last line is cut off");
  const sizes = text.split("\n").slice(0, -1).map(number);
  mustRise(sizes, () => "a size stands twice or out of order");
  return sizes;
}

const checkpointPath = (size) => `checkpoints/${size.padStart(12, "0")}`;

function readBundle(bytes) {
  const entries = [];
  let place = 0;
  while (place < bytes.length) {
    const start = place + 2;
    if (start > bytes.length) bad("the last entry is cut off");
    place = start + bytes[place] * 256 + bytes[place + 1];
    if (place > bytes.length) bad("the last entry is cut off");
    entries.push(bytes.subarray(start, place));
  }
  return entries;
}

// c2sp.org/tlog-tiles: index 1234067 is x001/x234/067; a tile of fewer than 256 says so behind it.
function tilePath(level, index, width) {
  const groups = [];
  for (let rest = index, first = true; first || rest; first = false, rest = Math.floor(rest / 1000)) {
    groups.unshift(String(rest % 1000).padStart(3, "0"));
  }
  const name = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${name}${width === 256 ? "" : `.p/${width}`}`;
}

function tileAt(path) {
  const match = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(path);
  if (!match) return null;
  const index = Number(match[2].replace(/[x/]/g, ""));
  const tile = { level: match[1], index, width: match[3] ? Number(match[3]) : 256 };
  if (!Number.isSafeInteger(index) || (tile.level !== "entries" && Number(tile.level) > 63)) return null;
  return tilePath(tile.level, index, tile.width) === path ? tile : null;
}

const countAt = (level, size) => (level === "entries" ? size : Math.floor(size / 256 ** Number(level)));

function tilesOf(size) {
  const found = [];
  for (const level of ["entries", ...Array(64).keys()]) {
    const count = countAt(level, size);
    if (count === 0) break;
    for (let index = 0; index * 256 < count; index++) {
      found.push({ level, index, width: Math.min(256, count - index * 256) });
    }
  }
  return found;
}

// ── Checks: each gives findings in plain words ───────────────────────────────────────────────────

const finding = (state) => (subject, sentence, details = []) => ({ subject, state, sentence, details });
const holds = finding("holds"), fails = finding("fails"), open = finding("open");

// Files in one folder, in the order of their paths; a dot in front is a file that was never finished.
function below(files, folder, depth = 1) {
  const names = [...files.keys()].filter((path) => path.startsWith(`${folder}/`));
  const fits = (path) => depth === 0 || path.split("/").length === folder.split("/").length + depth;
  return names.filter((path) => fits(path) && !path.split("/").at(-1).startsWith(".")).sort();
}

// Runs a reader over files; each error that it throws becomes a line of `wrong`.
function reading(wrong, name, read) {
  try {
    return read();
  } catch (problem) {
    if (!(problem instanceof Bad)) throw problem;
    wrong.push(`${name}: ${problem.message}.`);
    return null;
  }
}

async function readingLater(wrong, name, read) {
  try {
    return await read();
  } catch (problem) {
    return reading(wrong, name, () => { throw problem; });
  }
}

function ownKeys(files) {
  const lines = looseText(files.get("keys") ?? bad("the file is missing")).split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (lines.at(-1) === "") lines.pop();
  return lines.map(readKey);
}

function chooseKeys(files, logLine, witnessLines) {
  const unusable = (wrong) => ({ found: [fails("key", "The log's key cannot be read.", wrong)] });
  const damaged = [], wrong = [];
  const own = reading(damaged, "keys", () => ownKeys(files)) ?? [];
  if (!logLine && damaged.length) return unusable(damaged);
  const log = logLine ? reading(wrong, "keys", () => readKey(logLine)) : own[0];
  const witnesses = witnessLines ? reading(wrong, "keys", () => witnessLines.map(readKey)) : own.slice(1);
  if (wrong.length) return unusable(wrong.slice(0, 1));
  if (log?.kind !== NOTE || witnesses.some((each) => each.kind !== COSIGNATURE)) return unusable(["keys: the kinds are wrong."]);
  const found = logLine
    ? [holds("key", `The reader's own key is used: ${log.line}`)]
    : [open("key", "The log's key is taken from the log. Compare it with what the host printed:", [log.line])];
  return { log, witnesses, found };
}

async function checkSignatures(files, key) {
  const signed = [], wrong = [];
  const paths = [...(files.has("checkpoint") ? ["checkpoint"] : []), ...below(files, "checkpoints")];
  for (const path of paths) {
    const read = await readingLater(wrong, path, () => openCheckpoint(files.get(path), key));
    if (read) signed.push({ path, ...read });
  }
  signed.sort((one, other) => one.size - other.size);
  const found = [];
  if (wrong.length) found.push(fails("signature", "Not every checkpoint is signed by the log.", wrong));
  else if (!(await canCheckSignatures())) found.push(open("signature", "This program cannot check Ed25519 signatures, so nothing shows that the host signed this log."));
  else found.push(holds("signature", `The log's key signed all ${signed.length} checkpoints.`));
  const newest = signed.find((each) => each.path === "checkpoint");
  if (!newest) found.push(fails("history", "The newest checkpoint, a file of this name, cannot be used."));
  else if (newest.size < signed.at(-1).size) found.push(fails("history", `The log was set back to ${newest.size} leaves; ${signed.at(-1).path} is newer.`));
  return { signed, found };
}

function tooMuchMissing(files, size) {
  if (Math.ceil(size / 256) - below(files, "tile/entries", 0).length <= 1000) return [];
  return [fails("history", `The newest checkpoint has ${size} leaves; most of their files are missing.`)];
}

// Reads a bundle; where its file is missing or cut off, it returns as many entries as any file has.
function bundleAt(files, index, width) {
  const full = tilePath("entries", index, 256);
  const older = below(files, `${full}.p`).filter((path) => /^[1-9][0-9]*$/.test(path.split("/").at(-1)));
  older.sort((one, other) => smaller(other.split("/").at(-1), one.split("/").at(-1)));
  for (const path of [tilePath("entries", index, width), full, ...older]) {
    if (!files.has(path)) continue;
    const entries = reading([], path, () => readBundle(files.get(path)));
    if (entries) return entries.slice(0, width);
  }
  return [];
}

function readLog(files, newest) {
  const log = { size: newest.size, leaves: [], records: [], votes: new Map() };
  const wrong = [];
  let unknown = 0, read = 0;
  for (let start = 0; start < log.size; start += 256) {
    const width = Math.min(256, log.size - start);
    const entries = bundleAt(files, start / 256, width);
    entries.forEach((entry, i) => {
      log.leaves.push(leafHash(entry));
      try {
        const record = readEntry(entry);
        read++;
        if (record.kind === "vote/v1") log.votes.set(record.dialogue, (log.votes.get(record.dialogue) ?? 0) + 1);
        else log.records.push({ index: start + i, ...record });
      } catch (problem) {
        if (problem instanceof UnknownKind) {
          unknown++;
          log.records.push({ index: start + i, ...readUnknown(entry) }); // no field: no check looks at it
        } else if (problem instanceof Bad) wrong.push(`Entry ${start + i}: ${problem.message}.`);
        else throw problem;
      }
    });
    while (log.leaves.length < start + width) log.leaves.push(new Uint8Array(0));
  }
  // Where only the entries were altered, the hashes beside them still show what was signed.
  if (!same(rootOf(log.leaves), newest.root)) {
    const hashes = hashesOf(files, log.size);
    if (hashes && same(rootOf(hashes), newest.root)) log.leaves = hashes;
  }
  const found = [];
  if (wrong.length) found.push(fails("record", "Entries are not written as records must be.", wrong));
  if (unknown) found.push(open("record", `Entries of kinds that this program does not know: ${unknown}.`));
  if (!found.length) found.push(holds("record", `All ${read} entries are records that can be read.`));
  return { log, found };
}

function hashesOf(files, size) {
  const hashes = [];
  for (let start = 0; start < size; start += 256) {
    const width = Math.min(256, size - start);
    const paths = [tilePath(0, start / 256, width), tilePath(0, start / 256, 256)];
    const tile = files.get(paths.find((path) => files.has(path)));
    if (!tile || tile.length < width * 32) return null;
    for (let i = 0; i < width; i++) hashes.push(tile.subarray(32 * i, 32 * i + 32));
  }
  return hashes;
}

function checkHistory(signed, log) {
  const roots = rootsAt(log.leaves, new Set(signed.map((each) => each.size)));
  const line = (each) => `${each.path}: ${each.size} leaves, root ${hexOf(each.root)}.`;
  const right = signed.filter((each) => same(roots.get(each.size) ?? [], each.root));
  const wrong = signed.filter((each) => !right.includes(each));
  if (!wrong.length) {
    const sizes = new Set(signed.map((each) => each.size)).size;
    return [holds("history", `The log only grew: its ${log.size} leaves give all ${sizes} signed checkpoints.`)];
  }
  const largest = Math.max(0, ...right.map((each) => each.size));
  const double = (each) => signed.some((other) => other.size === each.size && !same(other.root, each.root));
  // The log's key signed both: two roots for one size, or a smaller log that the larger does not continue.
  const forked = signed.filter((each) => double(each) || (wrong.includes(each) && each.size < largest));
  const found = [];
  if (forked.length) found.push(fails("fork", "The log was forked: its key signed checkpoints that contradict each other, so different readers were shown different logs. The signatures prove it.", forked.map(line)));
  if (largest < log.size) found.push(fails("history", `The published files do not add up to the newest checkpoint: leaves were altered, dropped or added. They are as signed up to leaf ${largest}.`, wrong.map(line)));
  return found;
}

function checkListing(files) {
  if (!files.has("sizes")) return [];
  const wrong = [];
  const sizes = reading(wrong, "sizes", () => readSizes(textOf(files.get("sizes"))));
  if (!sizes) return [fails("history", "The list of checkpoints cannot be read.", wrong)];
  const missing = sizes.map(checkpointPath).filter((path) => !files.has(path));
  if (!missing.length) return [];
  return [fails("history", `Checkpoints that the host lists and that are missing: ${missing.length}.`, missing)];
}

function checkTiles(files, log) {
  const levels = [log.leaves];
  while (levels.at(-1).length >= 256) {
    const hashes = levels.at(-1);
    levels.push(Array.from({ length: Math.floor(hashes.length / 256) }, (_, i) => rootOf(hashes.slice(256 * i, 256 * i + 256))));
  }
  const wrong = [], beyond = [];
  let right = 0;
  for (const path of below(files, "tile", 0)) {
    const tile = tileAt(path);
    if (!tile || tile.index * 256 + tile.width > countAt(tile.level, log.size)) {
      beyond.push(`${path}.`);
      continue;
    }
    const problem = problemOfTile(tile, files.get(path), levels);
    if (problem) wrong.push(`${path}: ${problem}.`);
    else right++;
  }
  for (const { level, index, width } of tilesOf(log.size)) {
    const path = tilePath(level, index, width);
    if (!files.has(path) && !files.has(tilePath(level, index, 256))) wrong.push(`${path}: the file is missing.`);
  }
  const found = [wrong.length
    ? fails("tiles", "Files of the log are not what was signed.", wrong)
    : holds("tiles", `All ${right} files of the log are what was signed.`)];
  if (beyond.length) found.push(open("tiles", `Files below “tile” that belong to no signed checkpoint: ${beyond.length}. Either one is about to be published, or one was taken away.`, beyond));
  return found;
}

function problemOfTile(tile, bytes, levels) {
  const first = tile.index * 256;
  const level = tile.level === "entries" ? 0 : Number(tile.level);
  const expected = levels[level].slice(first, first + tile.width);
  if (tile.level !== "entries") return same(bytes, joined(...expected)) ? null : "its hashes are not those of the leaves";
  const wrong = [];
  const entries = reading(wrong, "", () => readBundle(bytes));
  if (!entries) return "an entry is cut off";
  if (entries.length !== expected.length) return `it holds ${entries.length} entries where ${expected.length} belong`;
  const altered = entries.flatMap((entry, i) => (same(leafHash(entry), expected[i]) ? [] : [first + i]));
  return altered.length ? `entry ${altered.slice(0, 10).join(", ")} is not what was logged` : null;
}

async function checkWitnesses(signed, keys) {
  const seen = [], wrong = [];
  const able = await canCheckSignatures();
  for (const each of able ? signed : []) {
    for (const key of keys) {
      const time = await readingLater(wrong, each.path, () => cosignedAt(each.note, key));
      if (time !== null) seen.push({ witness: key.name, time, size: each.size });
    }
  }
  const found = wrong.length ? [fails("witness", "A witness's signature is forged.", wrong)] : [];
  const size = signed.at(-1).size;
  const latest = new Map(seen.filter((sight) => sight.size === size).map((sight) => [sight.witness, sight]));
  if (!keys.length) found.push(open("witness", "No witness is known. Nothing in the files shows that everyone was given the same log; compare the newest checkpoint with other people's."));
  else if (!able) found.push(open("witness", "This program cannot check the witnesses' signatures."));
  else if (!latest.size) found.push(open("witness", "No known witness has signed the newest checkpoint."));
  else {
    const names = [...latest.values()].map((sight) => `${sight.witness} (${inWords(sight.time)})`).join(", ");
    found.push(holds("witness", `${latest.size} of ${keys.length} known witnesses saw the same log: ${names}.`));
  }
  return { seen, found };
}

function checkTexts(files, log) {
  const seals = new Map(), logged = new Map(), shown = new Map(), wrong = [];
  const more = (counts, name) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const { kind, dialogue, collection, number, seal, index } of log.records) {
    if (kind !== "sealed-text/v1") continue;
    const place = `${dialogue} ${collection} ${number}`;
    if (!seals.has(place)) more(logged, collection);
    if ((seals.get(place) ?? seal) !== seal) wrong.push(`Entry ${index}: text ${number} of ${collection} was logged with other words.`);
    else seals.set(place, seal);
  }
  for (const path of below(files, "texts", 2)) {
    const [, dialogue, collection] = path.split("/");
    const opened = reading(wrong, path, () => readTexts(textOf(files.get(path)), label(dialogue), label(collection)));
    for (const each of opened ?? []) {
      if (seals.get(`${dialogue} ${collection} ${each.number}`) === sealOfText({ ...each, dialogue, collection })) more(shown, collection);
      else wrong.push(`${path}: text ${each.number} is not what was logged.`);
    }
  }
  if (wrong.length) return [fails("text", "Published texts are not those that were logged.", wrong)];
  return [...logged.keys()].sort().map((name) => holds("text", `The words of ${shown.get(name) ?? 0} of ${logged.get(name)} ${name} are published, and as logged.`));
}

// Finds maps that were replaced before the log was signed again: no file of these is published.
function replacedMaps(log, signed) {
  const found = new Set(), newest = new Map();
  for (const { kind, dialogue, document, index } of log.records) {
    if (kind !== "map/v1") continue;
    const before = newest.get(dialogue);
    if (before && !signed.some(({ size }) => before.index < size && size <= index)) found.add(before.document);
    newest.set(dialogue, { document, index });
  }
  return found;
}

function checkDocuments(files, log, signed) {
  const logged = new Map(log.records.filter((each) => each.document).map((each) => [each.document, `${each.kind.split("/")[0]}${each.dialogue ? ` of ${each.dialogue}` : ""}, entry ${each.index}`]));
  const present = new Set(), wrong = [], strange = [];
  for (const path of below(files, "documents")) {
    const name = path.split("/")[1];
    present.add(name);
    if (hexOf(sha256(files.get(path))) !== name) wrong.push(`${path} (${logged.get(name) ?? "never logged"}): it was altered.`);
    else if (!logged.has(name)) strange.push(`${path}.`);
  }
  const absent = [...logged].filter(([name]) => !present.has(name)), between = replacedMaps(log, signed);
  const lines = (wanted) => absent.filter(([name]) => between.has(name) === wanted).map(([name, what]) => `${what}: documents/${name}.`);
  const missing = lines(false), replaced = lines(true);
  const found = [];
  if (wrong.length) found.push(fails("document", "Published documents are not those that were logged.", wrong));
  else if (logged.size) found.push(holds("document", `Published documents that are as logged: ${logged.size - absent.length}.`));
  if (missing.length) found.push(open("document", `Logged documents that are not in this copy: ${missing.length}.`, missing));
  if (replaced.length) found.push(open("replaced", `Maps that a newer one replaced before the log grew: ${replaced.length}. The log holds their hashes only; their files are not published.`, replaced));
  if (strange.length) found.push(open("document", `Documents that were never logged: ${strange.length}.`, strange));
  return found;
}

function tally(words) {
  const of = (word) => words.filter((each) => each === word).length;
  return `agree ${of("agree")} pass ${of("pass")} disagree ${of("disagree")}`;
}

// Maps each dialogue to the number of leaves that it opened and the counts of each statement; each tag
// counts once.
function checkOpenings(files, log) {
  const logged = new Set(log.records.filter((each) => isStatement(each)).map((each) => `${each.dialogue} ${each.number}`));
  const recount = new Map(), places = new Map(), wrong = [], doubled = [];
  let opened = 0, changed = 0, filesRead = 0;
  for (const path of below(files, "openings", 2)) {
    const [, dialogue, statement] = path.split("/");
    const votes = reading(wrong, path, () => readOpenings(textOf(files.get(path)), label(dialogue), number(statement)));
    if (!votes) continue;
    filesRead++;
    if (!logged.has(`${dialogue} ${statement}`)) wrong.push(`${path}: this statement was never logged.`);
    const last = new Map(), every = [];
    for (const { index, vote } of votes) {
      const place = places.get(vote.tag) ?? path;
      places.set(vote.tag, place);
      if (place !== path && !last.has(vote.tag)) doubled.push(`${vote.tag}: in ${place} and ${path}.`);
      if (index < log.leaves.length && same(leafOf(vote), log.leaves[Number(index)])) {
        last.set(vote.tag, vote.vote);
        every.push(vote.vote);
      } else {
        wrong.push(`${path}: leaf ${index} of the log is not this vote.`);
      }
    }
    opened += every.length;
    changed += every.length - last.size;
    const count = recount.get(dialogue) ?? { opened: 0, statements: new Map() };
    count.opened += every.length;
    count.statements.set(statement, { right: tally([...last.values()]), every: tally(every), changed: every.length - last.size });
    recount.set(dialogue, count);
  }
  const found = [];
  if (wrong.length) found.push(fails("opening", "Opened votes are not those in the log.", wrong));
  else if (!filesRead) found.push(open("opening", "No votes have been opened yet; that is done at the close."));
  else found.push(holds("opening", `All ${opened} opened votes are in the log.`));
  if (doubled.length) found.push(fails("tag", "A tag stands on two statements.", doubled.sort()));
  else if (places.size) found.push(holds("tag", `One person counts once. Votes that were changed later: ${changed}.`));
  return { recount, found };
}

function checkTotals(files, log, recount) {
  const wrong = [], totals = new Map();
  for (const path of below(files, "totals")) {
    const dialogue = path.split("/")[1];
    const read = reading(wrong, path, () => readTotals(textOf(files.get(path)), label(dialogue)));
    if (!read) continue;
    totals.set(dialogue, read);
    const counts = recount.get(dialogue)?.statements ?? new Map();
    for (const statement of [...new Set([...read.tallies.keys(), ...counts.keys()])].sort(smaller)) {
      const problem = problemOfTotal(read.tallies.get(statement), counts.get(statement));
      if (problem) wrong.push(`${path}: statement ${statement}${problem}`);
    }
  }
  const tallies = [...totals.values()].flatMap((each) => [...each.tallies.values()]);
  const opened = tallies.filter((each) => each !== null).length;
  const found = [];
  if (wrong.length) found.push(fails("total", "Published totals do not follow from the votes.", wrong));
  else if (opened) found.push(holds("total", `All ${opened} opened totals follow from the votes.`));
  if (opened < tallies.length) {
    const parts = [...totals.values()].map((each) => [each.dialogue, [...each.tallies.values()].filter((one) => one !== null).length, each.tallies.size]);
    const lines = parts.filter(([, some, all]) => some < all).map(([dialogue, some, all]) => `${dialogue}: ${some} of ${all}.`);
    found.push(open("withheld", `Opened: ${opened} of ${tallies.length} statements. The others stay shut, because too few people gave one of their answers, or because they were taken out or merged.`, lines));
  }
  const dialogues = [...new Set([...log.votes.keys(), ...totals.keys(), ...recount.keys()])].sort();
  return [...found, ...dialogues.map((each) => aboutUnopened(each, totals.get(each), log, recount))];
}

// `said` is undefined where the statement has no line, and null where it is withheld.
function problemOfTotal(said, count) {
  if (said === undefined) return " has votes and no total.";
  if (said === null) return count ? " is withheld and opened." : null;
  const right = count?.right ?? tally([]);
  if (said === right) return null;
  if (said === (count?.every ?? right)) return `: ${count.changed} votes count twice; ${said} is published, ${right} is right.`;
  return `: ${said} is published, ${right} is right.`;
}

function aboutUnopened(dialogue, totals, log, recount) {
  const votes = log.votes.get(dialogue) ?? 0;
  const sealed = votes - (recount.get(dialogue)?.opened ?? 0);
  if (!totals) return open("unopened", `${dialogue}: votes sealed until its result: ${sealed}.`);
  const erasures = log.records.filter((each) => each.kind === "erasures/v1" && each.dialogue === dialogue);
  const erased = erasures.reduce((sum, each) => sum + BigInt(each.votes), 0n);
  const anyWithheld = [...totals.tallies.values()].includes(null);
  const parts = `${erased} deleted by the people who cast them, ${totals.withheld} on statements that stay shut`;
  if (BigInt(sealed) !== erased + totals.withheld || (totals.withheld && !anyWithheld)) {
    return fails("unopened", `${dialogue}: votes not opened ${sealed}, but by the files ${parts}.`);
  }
  return holds("unopened", `${dialogue}: votes in the log ${votes}, not opened ${sealed}: ${parts}.`);
}

// Checks files that the reader holds. A wrong one is no fault of the log: anybody can write one, or
// damage it on its way.
const FOREIGN = "They are damaged, or of another log or key, and prove nothing about this one.";
const PROMISE = { origin: plainText, leaf: hash, by: number };

async function checkPromises(files, key, log, seen, now) {
  const lines = { holds: [], fails: [], open: [] }, foreign = [];
  const places = new Map();
  for (let i = log.leaves.length - 1; i >= 0; i--) places.set(hexOf(log.leaves[i]), i);
  const able = await canCheckSignatures();
  for (const path of below(files, "promises")) {
    const promise = await readingLater(foreign, path, async () => {
      const note = readNote(files.get(path));
      await mustBeSigned(note, key);
      const read = readRecord("promise/v1", PROMISE, note.text);
      return read.origin === key.name ? read : bad(`it is of another log, ${read.origin}`);
    });
    if (!promise) continue;
    const [state, words] = judgePromise(BigInt(promise.by), places.get(promise.leaf), seen, now);
    lines[able ? state : "open"].push(`${path}: ${words}`);
  }
  const found = [];
  if (lines.fails.length) found.push(fails("promise", "The log broke promises that it signed.", lines.fails));
  if (foreign.length) found.push(open("foreign", `Promises that this log did not sign: ${foreign.length}. ${FOREIGN}`, foreign));
  if (lines.open.length) found.push(open("promise", able ? "Promises are not due yet." : "Promises whose signature cannot be checked here.", lines.open));
  if (lines.holds.length) found.push(holds("promise", `Promises that were kept: ${lines.holds.length}.`));
  return found;
}

function judgePromise(by, place, seen, now) {
  const due = inWords(by);
  const late = seen.find((sight) => sight.time >= by && (place === undefined || sight.size <= place));
  if (late) return ["fails", `the leaf was to be in the log by ${due}; ${late.witness} saw the log without it at ${inWords(late.time)}.`];
  if (place !== undefined) {
    const early = seen.some((sight) => sight.time <= by && sight.size > place);
    return ["holds", early ? `it was in the log by ${due}.` : "it is in the log; no witness says since when."];
  }
  if (now !== null && now >= by) return ["fails", `the leaf was to be in the log by ${due}, and is not in this copy.`];
  return ["open", `the leaf will be in the log by ${due}.`];
}

// A receipt is a tlog-proof (c2sp.org/tlog-proof) whose extra line holds the vote's opening.
async function openReceipt(bytes, key) {
  const gap = bytes.findIndex((byte, i) => byte === 10 && bytes[i + 1] === 10);
  const lines = gap < 0 ? bad("the file is not a receipt") : looseText(bytes.subarray(0, gap)).split("\n");
  if (lines.shift() !== "c2sp.org/tlog-proof@v1") bad("the file is not a receipt");
  const extra = lines[0]?.startsWith("extra ") ? fromBase64(lines.shift().slice(6)) : new Uint8Array(0);
  const index = /^index (0|[1-9][0-9]{0,18})$/.exec(lines.shift() ?? "") ?? bad("the receipt has no index");
  const proof = lines.map(fromBase64);
  if (proof.length > 64 || proof.some((part) => part.length !== 32)) bad("a hash of the receipt is wrong");
  const vote = readRecord("vote-opening/v1", OPENING, textOf(extra));
  const checkpoint = await openCheckpoint(bytes.subarray(gap + 2), key);
  const place = BigInt(index[1]);
  if (!isIncluded(leafOf(vote), place, checkpoint.exactSize, checkpoint.root, proof)) bad("the leaf is not in the log at that place");
  return { vote, place };
}

// An opening is not signed: its place is looked up in the log, and it need not have one.
function openSeal(bytes, log) {
  const vote = readRecord("vote-opening/v1", OPENING, textOf(bytes));
  const leaf = leafOf(vote);
  const place = log.leaves.findIndex((each) => same(each, leaf));
  return { vote, place: place < 0 ? null : BigInt(place) };
}

function judgeReceipt({ vote, place }, files, log) {
  if (place === null) return ["absent", `its seal ${sealOf(vote)} is not in this log`];
  if (place >= log.leaves.length || !same(log.leaves[Number(place)], leafOf(vote))) {
    return ["wrong", `leaf ${place} is not the vote, though the log signed that it is: a fork`];
  }
  const totals = files.get(`totals/${vote.dialogue}`);
  if (!totals) return ["sealed", `the vote is leaf ${place} of the log, sealed until the result`];
  if (readTotals(textOf(totals), vote.dialogue).tallies.get(vote.statement) === null) {
    return ["withheld", `the vote is leaf ${place} of the log; its statement stays shut, because too few people gave one of its answers, or because it was taken out or merged`];
  }
  const bytes = files.get(`openings/${vote.dialogue}/${vote.statement}`);
  const opened = bytes ? readOpenings(textOf(bytes), vote.dialogue, vote.statement) : [];
  const alike = (other) => Object.keys(OPENING).every((name) => other[name] === vote[name]);
  if (!opened.some((each) => each.index === place && alike(each.vote))) {
    return ["wrong", "the vote is in the log and was not opened: it was deleted, or kept back"];
  }
  const later = opened.filter((each) => each.vote.tag === vote.tag && each.index > place).at(-1);
  if (later) return ["replaced", `leaf ${later.index} replaced the vote; if its holder did not, the host did`];
  return ["counted", "the vote is in the log and was counted"];
}

const OUTCOMES = {
  wrong: [fails, "Votes of receipts were not counted."],
  absent: [open, "Seals that are not in this log: #. Their votes wait for their batch, or the files are damaged or made up: nobody signed them. A promise proves that a vote was to come."],
  sealed: [open, "Receipts whose vote is in the log, sealed until the result: #."],
  withheld: [open, "Receipts whose vote is in the log and stays shut: #."],
  replaced: [open, "Receipts whose vote a later one replaced: #. Their holders have to look whether they changed it themselves."],
  unsigned: [open, "Receipts whose signature cannot be checked here: #."],
  counted: [holds, "Receipts whose vote is in the log and was counted: #."],
};

async function checkReceipts(files, key, log) {
  const lines = {}, foreign = [], able = await canCheckSignatures();
  for (const path of below(files, "receipts")) {
    const bytes = files.get(path);
    const isOpening = looseText(bytes.subarray(0, 13)) === "vote-opening/";
    const read = await readingLater(foreign, path, () => (isOpening ? openSeal(bytes, log) : openReceipt(bytes, key)));
    if (!read) continue;
    const wrong = [];
    const [outcome, words] = reading(wrong, path, () => judgeReceipt(read, files, log)) ?? ["wrong"];
    (lines[outcome === "counted" && !able ? "unsigned" : outcome] ??= []).push(words ? `${path}: ${words}.` : wrong[0]);
  }
  const found = foreign.length ? [open("foreign", `Receipts that this log's signature does not cover: ${foreign.length}. ${FOREIGN}`, foreign)] : [];
  for (const [outcome, [state, sentence]] of Object.entries(OUTCOMES)) {
    if (lines[outcome]) found.push(state("receipt", sentence.replace("#", lines[outcome].length), lines[outcome]));
  }
  return found;
}

// Checks everything that the files show. `files` is a Map from path to bytes; keys are lines of text that
// the reader has from elsewhere; `now` is the reader's time in seconds since 1970, or null.
export async function verify(files, { logKey = null, witnessKeys = null, now = null } = {}) {
  const { log: key, witnesses, found } = chooseKeys(files, logKey, witnessKeys);
  if (!key) return report(found);
  const { signed, found: aboutSigned } = await checkSignatures(files, key);
  found.push(...aboutSigned);
  if (!signed.length) return report(found);
  const newest = signed.at(-1);
  const missing = tooMuchMissing(files, newest.size);
  if (missing.length) return report([...found, ...missing]);
  const { log, found: aboutRecords } = readLog(files, newest);
  found.push(...checkHistory(signed, log), ...checkListing(files), ...checkTiles(files, log), ...aboutRecords);
  const { seen, found: aboutWitnesses } = await checkWitnesses(signed, witnesses);
  found.push(...aboutWitnesses, ...checkTexts(files, log), ...checkDocuments(files, log, signed));
  const { recount, found: aboutOpenings } = checkOpenings(files, log);
  found.push(...aboutOpenings, ...checkTotals(files, log, recount));
  const time = now === null ? null : BigInt(Math.floor(now));
  found.push(...(await checkPromises(files, key, log, seen, time)), ...(await checkReceipts(files, key, log)));
  return report(found);
}

// ── The verdict: one sentence, and what it means ─────────────────────────────────────────────────

// The worst first.
const REASONS = {
  fork: "its key signed two logs that contradict each other.",
  signature: "not everything in it is signed by its host.",
  key: "its key cannot be read.",
  history: "its entries are not those that were signed.",
  tiles: "some of its files are not those that were signed.",
  record: "it holds entries that cannot be read.",
  opening: "opened votes are not those in the log.",
  tag: "votes carry marks that no right count gives.",
  unopened: "votes are missing, and nothing accounts for them.",
  total: "a published result does not follow from the votes.",
  text: "texts are not shown as they were logged.",
  document: "a published document is not the one that was logged.",
  promise: "a promise that was signed was not kept.",
  receipt: "a vote whose receipt is here was not counted.",
  witness: "a signature in a witness's name is forged.",
};

const MEANINGS = {
  key: "The key was taken from the log itself. Compare it with the one that the host printed elsewhere: whoever forges a whole log forges its key too.",
  signature: "Signatures could not be checked here. Use the command, or another browser.",
  witness: "Nobody else is known to have signed this state of the log, so others may have been shown another one.",
  tiles: "There are files that no signature covers yet.",
  record: "There are entries of kinds that this program does not know.",
  document: "Some documents are not in this copy, or were never logged.",
  replaced: "", // the finding's own words, which have the numbers
  withheld: "",
  opening: "No votes are opened yet; that is done when a dialogue closes.",
  unopened: "Votes of dialogues that are open are sealed until their result.",
  promise: "Some promises are not due yet.",
  receipt: "Of some receipts it is not settled what becomes of their vote; each says why.",
  foreign: "Some files that you hold are not signed by this log: damaged, or not from here.",
};

function report(findings) {
  const of = (state) => new Map(findings.filter((each) => each.state === state).map((each) => [each.subject, each.sentence]));
  const failing = of("fails"), holding = of("holds"), left = of("open");
  const green = !failing.size && ["signature", "history", "tiles"].every((subject) => holding.has(subject));
  const reason = Object.keys(REASONS).find((subject) => failing.has(subject));
  let sentence = "This log could not be checked.";
  if (reason) sentence = `Do not rely on this log: ${REASONS[reason]}`;
  else if (green && holding.has("total")) sentence = "This log is as its host signed it, and every total that is opened follows from its votes.";
  else if (green && left.has("withheld")) sentence = "This log is as its host signed it. Its results stay shut.";
  else if (green) sentence = "This log is as its host signed it. It has no result yet.";
  const meaning = Object.keys(MEANINGS).filter((subject) => left.has(subject)).map((subject) => MEANINGS[subject] || left.get(subject));
  return { green, sentence, meaning, findings };
}

// ── Copying a log over the web ───────────────────────────────────────────────────────────────────

const MOST_LEAVES = 2_000_000, MOST_BYTES = 1_000_000_000, LONGEST_FILE = 64_000_000;
const AT_ONCE = 4;

// All files of the log at `address`, which ends in a slash. `progress(done, known)` is called as it
// goes: how many files are read, and of how many so far.
export async function copy(address, { fetchFile = fetch, progress = () => {} } = {}) {
  const files = new Map();
  let total = 0, done = 0, known = 0;

  async function one(path) {
    const answer = await fetchFile(new URL(path, address), { redirect: "error", cache: "no-store", credentials: "omit" });
    progress(++done, known);
    if (answer.status === 404) return;
    if (!answer.ok) throw new Error(`${path}: the server answered ${answer.status}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    total += bytes.length;
    if (bytes.length > LONGEST_FILE || total > MOST_BYTES) throw new Error("the log is too large for this page; use the command");
    files.set(path, bytes);
  }
  async function all(paths) {
    known += paths.length;
    const waiting = [...paths];
    const worker = async () => { for (let path; (path = waiting.shift()) !== undefined;) await one(path); };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  await all(["sizes"]); // before the newest checkpoint, so that it lists none beyond it
  await all(["checkpoint", "keys"]);
  if (!files.has("checkpoint")) throw new Error("No log is published there: the file “checkpoint” is missing.");
  const size = Number(/^[^\n]*\n([0-9]{1,19})\n/.exec(looseText(files.get("checkpoint")))?.[1] ?? 0);
  if (size > MOST_LEAVES) throw new Error("the log is too large for this page; use the command");
  const sizes = files.has("sizes") ? reading([], "sizes", () => readSizes(textOf(files.get("sizes")))) ?? [] : [];
  const checkpoints = sizes.filter((each) => each.length <= 12).slice(-10_000).map(checkpointPath);
  await all([...checkpoints, ...tilesOf(size).map((tile) => tilePath(tile.level, tile.index, tile.width))]);
  const { log } = readLog(files, { size, root: EMPTY_ROOT });
  const dialogues = [...new Set([...log.votes.keys(), ...log.records.flatMap((each) => each.dialogue ?? [])])];
  const documents = new Set(log.records.filter((each) => each.document).map((each) => `documents/${each.document}`));
  const texts = log.records.filter((each) => each.kind === "sealed-text/v1").map((each) => `texts/${each.dialogue}/${each.collection}`);
  await all([...documents, ...new Set(texts), ...dialogues.map((each) => `totals/${each}`)]);
  const closed = log.records.filter((each) => isStatement(each) && files.has(`totals/${each.dialogue}`));
  await all([...new Set(closed.map((each) => `openings/${each.dialogue}/${each.number}`))]);
  return files;
}

// ── node verify.mjs FOLDER ───────────────────────────────────────────────────────────────────────

export async function readFolder(folder) {
  const { readdir, readFile } = await import("node:fs/promises");
  const { join, relative, sep } = await import("node:path");
  const files = new Map();
  for (const each of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!each.isFile()) continue;
    const path = join(each.parentPath ?? each.path, each.name);
    files.set(relative(folder, path).split(sep).join("/"), new Uint8Array(await readFile(path)));
  }
  return files;
}

async function main(words) {
  const { parseArgs } = await import("node:util");
  const options = { key: { type: "string" }, "witness-key": { type: "string", multiple: true }, json: { type: "boolean" } };
  const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true });
  if (positionals.length !== 1) throw new Error("Usage: node verify.mjs FOLDER [--key KEY] [--witness-key KEY]… [--json]");
  const chosen = { logKey: values.key, witnessKeys: values["witness-key"], now: Date.now() / 1000 };
  const result = await verify(await readFolder(positionals[0]), chosen);
  if (values.json) return [JSON.stringify(result, null, 2), result.green];
  const marks = { holds: "holds", fails: "FAILS", open: "open " };
  const lines = result.findings.flatMap((each) => [`${marks[each.state]}  ${each.sentence}`, ...each.details.slice(0, 20).map((line) => `         ${line}`)]);
  return [[result.sentence, ...result.meaning, "", ...lines].join("\n"), result.green];
}

if (typeof process !== "undefined" && process.argv?.[1]) {
  const { pathToFileURL } = await import("node:url");
  const { realpathSync } = await import("node:fs");
  if (import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
    try {
      const [text, green] = await main(process.argv.slice(2));
      console.log(text);
      process.exitCode = green ? 0 : 1;
    } catch (problem) {
      console.error(problem.message);
      process.exitCode = 2;
    }
  }
}
