// A second verifier for middleground's ledger, in one file.
//
// It reads the files that a host publishes and says what holds, what fails, and what the files
// cannot tell. It was written from docs/ledger.md and shares no code with the first verifier, which
// is in Python: where both say the same, a mistake in one of them is not what you see.
//
//   node verify.mjs FOLDER          a copy of the files on your machine; with --all, all proofs of long lists
//   import { copy, verify } from "./verify.mjs"     in a page; see the end of this file
//
// It needs no other file. It runs in Node 20 and newer, and in a browser whose WebCrypto knows
// Ed25519; in one that does not, signatures are left open and the verdict is not green. Nothing is
// sent anywhere: `copy` only asks for the host's public files.
//
// Order: bytes · SHA-256 and SHA-512 · tree · group · codecs · notes and signatures · records · files · checks ·
// verdict · copying · command line.

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

const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

// Standard base64, in the one spelling that an encoder gives.
function fromBase64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) bad("a line is not base64");
  const raw = atob(text);
  if (btoa(raw) !== text) bad("a line is not base64 in its only spelling");
  return Uint8Array.from(raw, (character) => character.charCodeAt(0));
}

const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

// Splits a text at the first separator; null where the separator does not occur.
function cut(text, separator) {
  const place = text.indexOf(separator);
  return place < 0 ? null : [text.slice(0, place), text.slice(place + separator.length)];
}

// ── SHA-256 and SHA-512 (FIPS 180-4) ─────────────────────────────────────────────────────────────
// WebCrypto has it too, but only one promise for each hash, and a log has millions of hashes.

const PRIMES = [];
for (let n = 2; PRIMES.length < 80; n++) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);
const fraction = (value) => Math.floor((value - Math.floor(value)) * 2 ** 32) | 0;
const ROUND = Int32Array.from(PRIMES.slice(0, 64), (prime) => fraction(Math.cbrt(prime)));
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

// SHA-512 is needed once for each proof in a vote list: WebCrypto would do, but a page that was not
// loaded over TLS has none.
const WORD = (value) => BigInt.asUintN(64, value);
function rootBelow(value, degree) {
  let root = 0n;
  for (let bit = 1n << 68n; bit; bit >>= 1n) if ((root | bit) ** degree <= value) root |= bit;
  return root;
}
const ROUND_512 = PRIMES.map((prime) => WORD(rootBelow(BigInt(prime) << 192n, 3n)));
const START_512 = PRIMES.slice(0, 8).map((prime) => WORD(rootBelow(BigInt(prime) << 128n, 2n)));

export function sha512(bytes) {
  const padded = new Uint8Array((((bytes.length + 16) >> 7) + 1) << 7);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  const turned = (word, by) => (word >> by) | (word << (64n - by));
  const w = new BigUint64Array(80); // what is stored in it keeps its lowest 64 bits
  const state = BigUint64Array.from(START_512);
  for (let at = 0; at < padded.length; at += 128) {
    for (let i = 0; i < 16; i++) w[i] = view.getBigUint64(at + 8 * i);
    for (let i = 16; i < 80; i++) {
      const x = w[i - 15], y = w[i - 2];
      const s0 = turned(x, 1n) ^ turned(x, 8n) ^ (x >> 7n), s1 = turned(y, 19n) ^ turned(y, 61n) ^ (y >> 6n);
      w[i] = w[i - 16] + WORD(s0) + w[i - 7] + WORD(s1);
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i++) {
      const s1 = WORD(turned(e, 14n) ^ turned(e, 18n) ^ turned(e, 41n));
      const one = h + s1 + ((e & f) ^ (WORD(~e) & g)) + ROUND_512[i] + w[i];
      const s0 = WORD(turned(a, 28n) ^ turned(a, 34n) ^ turned(a, 39n));
      const two = s0 + ((a & b) ^ (a & c) ^ (b & c));
      h = g; g = f; f = e; e = WORD(d + one); d = c; c = b; b = a; a = WORD(one + two);
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] += word; });
  }
  const out = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => out.setBigUint64(8 * i, word));
  return new Uint8Array(out.buffer);
}

// ── The tree (RFC 6962, section 2.1) ─────────────────────────────────────────────────────────────

const EMPTY_ROOT = sha256(new Uint8Array(0));
const leafHash = (entry) => sha256(joined(Uint8Array.of(0), entry));
const nodeHash = (left, right) => sha256(joined(Uint8Array.of(1), left, right));

// Computes the root at each wanted size of a log in one pass. It keeps only the complete subtrees at the right edge.
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

// ── The group ristretto255 (RFC 9496) ────────────────────────────────────────────────────────────
// Vote lists commit to answers by points of this group. A point is computed as one of edwards25519 in
// extended coordinates (x, y, z, t) with x/z and y/z on the curve and t = xy/z. Residues modulo P may
// be negative in between; `residue` gives the one from 0 to P − 1. Nothing here is secret, so nothing
// needs constant time.

const P = 2n ** 255n - 19n; // the field
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n; // the order of the group
const residue = (value) => ((value %= P) < 0n ? value + P : value);
const isZero = (value) => value % P === 0n;
const isNegative = (value) => (residue(value) & 1n) === 1n; // section 3.1
const absolute = (value) => (isNegative(value) ? residue(-value) : residue(value));

function squared(value, times) {
  for (let i = 0; i < times; i++) value = (value * value) % P;
  return value;
}

// The power of 2^252 − 3, which is (P − 5) / 8. What is called after a number n is the power of 2^n − 1.
function powerForRoots(value) {
  const twice = (ones, n, more = ones) => (squared(ones, n) * more) % P;
  const two = twice(value, 1), four = twice(two, 2), five = twice(four, 1, value);
  const ten = twice(five, 5), twenty = twice(ten, 10), forty = twice(twenty, 20);
  const fifty = twice(forty, 10, ten), hundred = twice(fifty, 50);
  return twice(twice(twice(hundred, 100), 50, fifty), 2, value);
}

// Section 4.2, SQRT_RATIO_M1: whether u/v is a square, and a root of u/v or of √−1 · u/v.
function rootOfRatio(u, v) {
  const cube = (((v * v) % P) * v) % P;
  let root = (((u * cube) % P) * powerForRoots((u * ((((cube * cube) % P) * v) % P)) % P)) % P;
  const check = (((root * root) % P) * v) % P;
  const isRight = isZero(check - u), isFlipped = isZero(check + u);
  if (isFlipped || isZero(check + u * ROOT_OF_MINUS_1)) root *= ROOT_OF_MINUS_1;
  return [isRight || isFlipped, absolute(root)];
}

// Section 4.1. The curve is −x² + y² = 1 + D x² y²; each root is the one that the RFC names.
const inverse = (value) => (squared(powerForRoots(value), 3) * value ** 3n) % P; // the power of P − 2
const D = residue(-121665n * inverse(121666n));
const ROOT_OF_MINUS_1 = residue(squared(powerForRoots(2n), 1) * 2n); // 2 to the (P − 1) / 4
const INVERSE_ROOT_OF_A_MINUS_D = rootOfRatio(1n, -1n - D)[1];
const ROOT_OF_AD_MINUS_1 = residue(-rootOfRatio(-D - 1n, 1n)[1]); // the negative one
const ONE_MINUS_D_SQUARED = residue(1n - D * D);
const D_MINUS_1_SQUARED = residue((D - 1n) * (D - 1n));

const IDENTITY = { x: 0n, y: 1n, z: 1n, t: 0n };

// RFC 8032, section 5.1.4. Both also hold for equal points and for the identity.
export function add(one, other) {
  const a = ((one.y - one.x) * (other.y - other.x)) % P, b = ((one.y + one.x) * (other.y + other.x)) % P;
  const c = (((one.t * other.t) % P) * 2n * D) % P, d = (one.z * other.z * 2n) % P;
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return { x: (e * f) % P, y: (g * h) % P, z: (f * g) % P, t: (e * h) % P };
}
function doubled({ x, y, z }) {
  const a = (x * x) % P, b = (y * y) % P, c = (2n * z * z) % P, sum = x + y;
  const h = a + b, e = h - ((sum * sum) % P), g = a - b, f = c + g;
  return { x: (e * f) % P, y: (g * h) % P, z: (f * g) % P, t: (e * h) % P };
}
const negated = ({ x, y, z, t }) => ({ x: -x, y, z, t: -t });

// Section 4.3.3.
const isSame = (one, other) => isZero(one.x * other.y - one.y * other.x) || isZero(one.y * other.y - one.x * other.x);

const numberOf = (bytes) => BigInt(`0x0${hexOf(Uint8Array.from(bytes).reverse())}`);
const bytesOfNumber = (value) => fromHex(value.toString(16).padStart(64, "0")).reverse();

// Section 4.3.1: bytes that encode no point are refused, and so is a second spelling of one.
export function readPoint(bytes) {
  const s = bytes.length === 32 ? numberOf(bytes) : P;
  if (s >= P || isNegative(s)) bad("these 32 bytes encode no point of ristretto255");
  const ss = (s * s) % P, u1 = 1n - ss, u2 = 1n + ss, u2u2 = (u2 * u2) % P;
  const v = (-D * ((u1 * u1) % P) - u2u2) % P;
  const [isSquare, root] = rootOfRatio(1n, (v * u2u2) % P);
  const dx = (root * u2) % P, dy = (((root * dx) % P) * v) % P;
  const x = absolute(2n * s * dx), y = residue(u1 * dy), t = (x * y) % P;
  if (!isSquare || isNegative(t) || y === 0n) bad("these 32 bytes encode no point of ristretto255");
  return { x, y, z: 1n, t };
}

// Section 4.3.2.
export function writePoint({ x, y, z, t }) {
  const u1 = ((z + y) * (z - y)) % P, u2 = (x * y) % P;
  const [, root] = rootOfRatio(1n, (u1 * ((u2 * u2) % P)) % P);
  const d1 = (root * u1) % P, d2 = (root * u2) % P, inverseOfZ = (((d1 * d2) % P) * t) % P;
  const isTurned = isNegative(t * inverseOfZ);
  const [px, py] = isTurned ? [(y * ROOT_OF_MINUS_1) % P, (x * ROOT_OF_MINUS_1) % P] : [x, y];
  const last = isTurned ? d1 * INVERSE_ROOT_OF_A_MINUS_D : d2;
  return bytesOfNumber(absolute(last * (z - (isNegative(px * inverseOfZ) ? -py : py))));
}

// Section 4.3.4: a point whose logarithm nobody knows, from 64 bytes.
export function pointOfHash(bytes) {
  return add(...[bytes.subarray(0, 32), bytes.subarray(32)].map((half) => mapped(BigInt.asUintN(255, numberOf(half)))));
}
function mapped(value) {
  const r = (ROOT_OF_MINUS_1 * ((value * value) % P)) % P;
  const u = ((r + 1n) * ONE_MINUS_D_SQUARED) % P, v = ((-1n - r * D) * (r + D)) % P;
  const [isSquare, root] = rootOfRatio(u, v);
  const [s, c] = isSquare ? [root, -1n] : [-absolute(root * value), r];
  const n = (c * (((r - 1n) * D_MINUS_1_SQUARED) % P) - v) % P;
  const w0 = (2n * s * v) % P, w1 = (n * ROOT_OF_AD_MINUS_1) % P, w2 = (1n - s * s) % P, w3 = (1n + s * s) % P;
  return { x: (w0 * w3) % P, y: (w2 * w1) % P, z: (w1 * w3) % P, t: (w0 * w2) % P };
}

// A scalar's digits to the base 2^width, the lowest first, each from −2^(width−1) to 2^(width−1) − 1.
function digitsOf(scalar, width) {
  const digits = [];
  for (let rest = scalar, carry = 0, i = 0; i * width <= 253; i++, rest >>= BigInt(width)) {
    const digit = Number(BigInt.asUintN(width, rest)) + carry;
    carry = digit >> (width - 1) ? 1 : 0;
    digits.push(digit - (carry << width));
  }
  return digits;
}

// Multiplies one point, which many scalars have in common: all digits' multiples are looked up.
class Multiplier {
  constructor(point) {
    this.rows = digitsOf(0n, 8).map(() => {
      const row = [IDENTITY];
      while (row.length <= 128) row.push(add(row.at(-1), point));
      point = doubled(row[128]);
      return row;
    });
  }
  times(scalar, start = IDENTITY) {
    return digitsOf(scalar, 8).reduce((sum, digit, i) => {
      const point = this.rows[i][Math.abs(digit)];
      return digit ? add(sum, digit < 0 ? negated(point) : point) : sum;
    }, start);
  }
}

// Multiplies a point by a few scalars: it is doubled once for all of them. What a scalar's equal digits
// stand at is added up first, and then multiplied by the digit.
export function multiples(point, scalars) {
  const digits = scalars.map((scalar) => digitsOf(scalar, 4));
  const sums = scalars.map(() => Array(9).fill(null));
  for (let place = 0, power = point; place < digits[0].length; place++) {
    if (place) for (let i = 0; i < 4; i++) power = doubled(power);
    digits.forEach((each, i) => {
      const digit = each[place], at = Math.abs(digit), signed = digit < 0 ? negated(power) : power;
      if (digit) sums[i][at] = sums[i][at] ? add(sums[i][at], signed) : signed;
    });
  }
  return sums.map((each) => {
    let partial = IDENTITY, whole = IDENTITY;
    for (let digit = 8; digit > 0; digit--) {
      if (each[digit]) partial = add(partial, each[digit]);
      whole = add(whole, partial);
    }
    return whole;
  });
}

// ── Commitments to votes: C = v·G′ + r·B ─────────────────────────────────────────────────────────

const PLACE = 2n ** 21n, MOST_VOTES = PLACE - 1n;
const VALUES = [1n, PLACE, PLACE * PLACE]; // agree, disagree, pass

const once = (make) => { let made; return () => (made ??= make()); };
// B, whose encoding is in RFC 9496, appendix A.1, and G′, whose logarithm to the base B nobody knows.
const base = once(() => new Multiplier(readPoint(fromHex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"))));
const valueBase = once(() => new Multiplier(pointOfHash(sha512(bytesOf("middleground vote value/v1")))));

export const commitmentTo = (value, blinding) => base().times(blinding, valueBase().times(value));

// The six scalars of a proof; null if one of them is not below L, which would be a second spelling.
function scalarsOf(proof) {
  const scalars = Array.from({ length: 6 }, (_, i) => numberOf(proof.subarray(32 * i, 32 * i + 32)));
  return proof.length === 192 && scalars.every((each) => each < ORDER) ? scalars : null;
}

// Whether the proof shows that the commitment holds one answer: three Schnorr proofs, of which two may be
// simulated, because only the sum of their challenges is fixed, by the hash. `place` has log, dialogue,
// statement, tag.
export function isProved(proof, commitment, place) {
  const scalars = scalarsOf(proof);
  if (!scalars) return false;
  const challenges = scalars.slice(0, 3), responses = scalars.slice(3);
  // s·B − c·(C − v·G′), one for each value
  const announcements = multiples(negated(readPoint(commitment)), challenges).map((point, i) => {
    return writePoint(base().times(responses[i], valueBase().times((challenges[i] * VALUES[i]) % ORDER, point)));
  });
  const lines = { ...place, commitment: toBase64(commitment), announcements: toBase64(joined(...announcements)) };
  const names = ["log", "dialogue", "statement", "tag", "commitment", "announcements"];
  const wanted = numberOf(sha512(linesOf("vote-proof/v1", names, lines)));
  return (challenges[0] + challenges[1] + challenges[2] - wanted) % ORDER === 0n;
}

function opensTo(total, { agree, pass, disagree, blinding }) {
  if ([agree, pass, disagree].some((count) => count > MOST_VOTES)) return false;
  return isSame(total, commitmentTo(agree + PLACE * disagree + PLACE * PLACE * pass, blinding));
}

// ── Codecs: how a value is written, in exactly one way ───────────────────────────────────────────

const BIGGEST = 2n ** 63n - 1n;

// Numbers stay decimal text where they are names, and become BigInt where they are used in sums.
function number(text) {
  if (!/^(0|[1-9][0-9]{0,18})$/.test(text) || BigInt(text) > BIGGEST) bad(`“${text}” is not a number`);
  return text;
}
const matching = (pattern, what) => (text) => (pattern.test(text) ? text : bad(`“${text}” is not ${what}`));
const label = matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "a label");
const hash = matching(/^[0-9a-f]{64}$/, "a hash");
const nonce = matching(/^[0-9a-f]{32}$/, "a nonce");
const scalar = (text) => (numberOf(fromHex(hash(text))) < ORDER ? hash(text) : bad("this is no scalar of ristretto255"));
const voteWord = matching(/^(agree|pass|disagree)$/, "a vote");
function plainText(text) {
  if (/[\x00-\x1f\x7f]/.test(text) || Array.from(text).length > 8000) bad("a text is too long or not plain");
  return text;
}

// Writes the bytes of a record: its kind, then a line for each of these names.
const linesOf = (kind, names, record) => bytesOf(`${kind}\n${names.map((name) => `${name} ${record[name]}\n`).join("")}`);

const smaller = (one, other) => (BigInt(one) < BigInt(other) ? -1 : BigInt(one) > BigInt(other) ? 1 : 0);

const mustRise = (numbers, message) => numbers.forEach((each, i) => { if (i && smaller(numbers[i - 1], each) >= 0) bad(message(i)); });

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
  "box/v1": { dialogue: label, root: hash }, "votes/v1": { dialogue: label, statement: number, document: hash },
  "closed/v1": { dialogue: label, map: hash, lists: number, document: hash },
  "settings/v1": { dialogue: label, document: hash }, "answer-rules/v1": { dialogue: label, document: hash },
  "commitment/v1": { dialogue: label, commitment: number, event: number, document: hash },
  "evidence/v1": { dialogue: label, collection: label, number, document: hash },
  "sealed-text/v1": { dialogue: label, collection: label, number, seal: hash },
  "moderation/v1": { dialogue: label, statement: number, action: label, reason: label },
  "text-moderation/v1": { dialogue: label, collection: label, number, action: label, reason: label },
  "merge/v1": { dialogue: label, statement: number, into: number }, "invitations/v1": { dialogue: label, tier: label, count: number },
  "correction/v1": { dialogue: label, collection: label, number, became: number },
  "response/v1": { dialogue: label, case: number, version: number, document: hash }, "response-withdrawn/v1": { dialogue: label, case: number, version: number },
  "erasures/v1": { dialogue: label, texts: number }, "post-comment/v1": { dialogue: label, comment: number, document: hash },
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

const OPENING = { client: nonce, server: nonce, salt: nonce, dialogue: label, statement: number, vote: voteWord };
const RECEIPT = { ...OPENING, slot: number, path: plainText };

const tagOf = (vote) => hexOf(sha256(linesOf("vote-tag/v1", ["client", "server"], vote)));

// The log entry of the box in which a vote has its place: the seal is a hash of lines, and the place
// gives the root.
const BOX_DEPTH = 32;
function boxEntryOf(boxed) {
  const path = fromBase64(boxed.path), slot = BigInt(boxed.slot);
  if (path.length !== 32 * BOX_DEPTH || slot >> BigInt(BOX_DEPTH)) bad("a box has no such place");
  let found = leafHash(sha256(linesOf("vote-opening/v1", Object.keys(OPENING), boxed)));
  for (let level = 0; level < BOX_DEPTH; level++) {
    const sibling = path.subarray(32 * level, 32 * level + 32);
    found = (slot >> BigInt(level)) & 1n ? nodeHash(sibling, found) : nodeHash(found, sibling);
  }
  return linesOf("box/v1", ["dialogue", "root"], { dialogue: boxed.dialogue, root: hexOf(found) });
}
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

// Tests whether this browser can check Ed25519: it must accept a valid signature (RFC 8032, section 7.1, test 1:
// the empty message) and refuse an invalid one.
let able;
export function canCheckSignatures() {
  able ??= (async () => {
    const key = fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    const good = fromHex(
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

// Checks a signature by a key that anybody may have invented: a key that is no point of the curve signs nothing.
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
    const isRight = time > 0n && time <= BIGGEST && (await isSignature(key, each.data.subarray(8), message));
    if (!isRight) bad(`the cosignature in the name of ${key.name} is forged`);
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

// A vote list: a Map from tag to mark, and the counted lines.
function readVoteList(text, dialogue, statement) {
  const head = `vote-list/v1\ndialogue ${dialogue}\nstatement ${statement}\n`;
  const marks = new Map(), counted = [];
  let sum = IDENTITY, before = "";
  linesBelow(head, text, "the file does not begin with its dialogue and statement").forEach((line, i) => {
    const [tag, mark, ...proved] = line.split(" ");
    const at = `line ${i + 4}`;
    if (mark === "counted" && proved.length === 2) {
      const [commitment, proof] = proved.map(fromBase64);
      if (proof.length !== 192) bad(`${at}: the proof has another length`);
      sum = add(sum, readPoint(commitment));
      counted.push({ tag: hash(tag), commitment, proof });
    } else if (!["beside", "withheld"].includes(mark) || proved.length) {
      bad(`${at}: a line is a tag with “beside” or “withheld”, or is counted with a proof`);
    }
    if (hash(tag) <= before) bad(`${at}: a tag stands twice or out of order`);
    before = tag;
    marks.set(tag, mark);
  });
  if (BigInt(counted.length) > MOST_VOTES) bad(`a list has at most ${MOST_VOTES} counted lines`);
  const kinds = new Set(marks.values());
  if (kinds.has("withheld") && kinds.size > 1) bad("only some of its lines are withheld");
  return { dialogue, statement, marks, counted, sum };
}

// The totals of each statement, or null where it is withheld.
function readTotals(text, dialogue) {
  const lines = linesBelow(`vote-totals/v1\ndialogue ${dialogue}\n`, text, "the file does not begin with its dialogue");
  const totals = lines.map((line) => {
    const match = /^statement (\S+) (?:withheld|agree (\S+) pass (\S+) disagree (\S+) blinding (\S+))$/.exec(line);
    if (!match) bad(`“${line}” is not a statement's total`);
    if (!match[2]) return [number(match[1]), null];
    const [agree, pass, disagree] = match.slice(2, 5).map((each) => BigInt(number(each)));
    return [number(match[1]), { agree, pass, disagree, blinding: numberOf(fromHex(scalar(match[5]))) }];
  });
  mustRise(totals.map(([statement]) => statement), () => "a statement stands twice or out of order");
  return { dialogue, statements: new Map(totals) };
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
    for (let index = 0; index * 256 < count; index++) found.push({ level, index, width: Math.min(256, count - index * 256) });
  }
  return found;
}

// ── The final map and the settings, which are JSON ───────────────────────────────────────────────

function readJson(bytes) {
  let found;
  const text = textOf(bytes);
  try { found = JSON.parse(text); } catch { bad("the file is not JSON"); }
  return isObject(found) ? found : bad("the file is not a JSON object");
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const object = (value) => (isObject(value) ? value : bad("a part of the map has another form"));
const list = (value) => (Array.isArray(value) ? value : bad("a part of the map has another form"));
const words = (value) => (typeof value === "string" ? value : bad("a part of the map has another form"));
const people = (value) => (Number.isSafeInteger(value) && value >= 0 ? value : bad("a number of people is no whole number"));

const ANSWERS = ["agree", "pass", "disagree"];

// The smallest number of people shown, and a Map from statement to rows: of each answer a Map from cell to band.
// A cell is the population and tier of people; cells do not overlap.
function readMapFigures(bytes) {
  const document = readJson(bytes), minimum = people(document.minimum_shown), statements = new Map();
  if (!minimum) bad("the smallest number of people shown is 0");
  for (const item of list(document.statements)) {
    const number = String(people(object(item).number));
    if (statements.has(number)) bad(`statement ${number} stands twice`);
    statements.set(number, rowsOf(item));
  }
  return { minimum, statements };
}

export const cellOf = (population, tier) => JSON.stringify([population, tier]);
const populationOf = (cell) => JSON.parse(cell)[0];

function rowsOf(item) {
  const rowOf = (cells, answer) => new Map([...cells].map(([cell, counts]) => [cell, bandOf(object(counts)[answer])]));
  const rowsOfCells = (cells) => Object.fromEntries(ANSWERS.map((answer) => [answer, rowOf(cells, answer)]));
  const whole = rowsOfCells(new Map(Object.entries(object(item.counts)).map(([name, counts]) => [cellOf(name, ""), counts])));
  const parts = new Map();
  for (const each of list(item.by_tier)) {
    const cell = cellOf(words(object(each).population), words(each.tier));
    if (parts.has(cell)) bad("the people of one group and tier stand twice");
    parts.set(cell, each);
  }
  if (!parts.size) return whole;
  const rows = rowsOfCells(parts);
  for (const answer of ANSWERS) {
    const sums = new Map();
    for (const [cell, [low, high]] of rows[answer]) {
      const name = cellOf(populationOf(cell), ""), before = sums.get(name) ?? [0, 0];
      sums.set(name, [before[0] + low, before[1] + high]);
    }
    if (!isSameRow(sums, whole[answer])) bad("counts are not the sums of those by tier");
  }
  return rows;
}

function bandOf(value) {
  const ends = list(value).map(people);
  return ends.length === 2 && ends[0] <= ends[1] ? ends : bad("a band is no lower and upper end");
}

const isSameRow = (one, other) => one.size === other.size && [...one].every(([cell, band]) => String(band) === String(other.get(cell)));

// The words of each reason of the host's own that a file of settings tells: none if they have another form.
function reasonsTold(bytes) {
  const listed = reading([], "", () => readJson(bytes))?.own_reasons, found = new Map();
  for (const { code, label: short, explanation } of Array.isArray(listed) ? listed.map((each) => (isObject(each) ? each : {})) : []) {
    const isText = [code, short, explanation].every((value) => typeof value === "string");
    if (!isText || !/^own-[1-9][0-9]{0,2}$/.test(code) || found.has(code)) return new Map();
    found.set(code, JSON.stringify([short, explanation]));
  }
  return found;
}

// The last settings of a dialogue before this entry.
function settingsBefore(files, log, dialogue, place) {
  const last = recordsOf(log, "settings/v1").filter((each) => each.dialogue === dialogue && each.index < place).at(-1);
  if (!last) bad("they were never logged");
  const path = `documents/${last.document}`;
  return readJson(files.get(path) ?? bad(`the file is missing, ${path}`));
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
  const log = { size: newest.size, leaves: [], records: [] };
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
        log.records.push({ index: start + i, ...record });
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
  const sizes = new Set(signed.map((each) => each.size)).size;
  if (!wrong.length) return [holds("history", `The log only grew: its ${log.size} leaves give all ${sizes} signed checkpoints.`)];
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
    if (!tile || tile.index * 256 + tile.width > countAt(tile.level, log.size)) { beyond.push(`${path}.`); continue; }
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
  return found;
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

const recordsOf = (log, kind) => log.records.filter((each) => each.kind === kind);

// Beyond this many counted lines proofs are checked of some lines only, drawn by lot. Who has altered one
// line in a hundred escapes 500 of them once in 150 times.
const MOST_PROOFS = 2_000, DRAWN = 500;

// Checks the lines of all lists. `recount` has the statements that are listed, and of each list that could be
// read the sum of its counted commitments and its marks.
function checkLists(files, log, key, { mostProofs, sample, progress }) {
  const sealed = new Set(log.records.filter((each) => isStatement(each)).map((each) => `${each.dialogue} ${each.number}`));
  const recount = { listed: new Map(), lists: new Map() }, wrong = [], missing = [], lines = [];
  const places = new Map(), doubled = [];
  for (const { dialogue, statement, document, index } of recordsOf(log, "votes/v1")) {
    const name = `Statement ${statement} of ${dialogue}, entry ${index}`, here = `${dialogue} ${statement}`;
    if (!sealed.has(here)) wrong.push(`${name}: this statement was never logged.`);
    const listed = recount.listed.get(dialogue) ?? new Set();
    recount.listed.set(dialogue, listed);
    if (listed.has(statement)) { wrong.push(`${name}: its votes were listed before.`); continue; }
    listed.add(statement);
    const bytes = files.get(`documents/${document}`);
    if (!bytes) missing.push(`${name}: documents/${document}. The file is missing.`);
    const list = bytes && reading(wrong, name, () => readVoteList(textOf(bytes), dialogue, statement));
    if (!list) continue;
    for (const tag of list.marks.keys()) {
      const place = places.get(tag) ?? here;
      places.set(tag, place);
      if (place !== here) doubled.push(`${tag}: in the lists of ${place} and ${here}.`);
    }
    for (const line of list.counted) lines.push({ name, dialogue, statement, ...line });
    recount.lists.set(here, { sum: list.sum, counted: list.counted.length, marks: list.marks });
  }
  const drawn = lines.length > mostProofs ? drawnFrom(lines, sample) : lines;
  for (const [done, { name, dialogue, statement, tag, proof, commitment }] of drawn.entries()) {
    if (done % 20 === 0) progress(done, drawn.length);
    const place = { log: key.name, dialogue, statement, tag };
    if (!isProved(proof, commitment, place)) wrong.push(`${name}: nothing proves that ${tag} holds one answer.`);
  }
  progress(drawn.length, drawn.length);
  const chosen = new Set(drawn);
  const others = lines.filter((each) => !chosen.has(each) && !scalarsOf(each.proof));
  wrong.push(...others.map(({ name, tag }) => `${name}: nothing proves that ${tag} holds one answer.`));
  const found = [aboutLists(recount, [...wrong, ...missing], lines.length, drawn.length)];
  if (doubled.length) found.push(fails("tag", "A tag stands in two lists.", doubled.sort()));
  return { recount, found };
}

function drawnFrom(lines, count) {
  const chance = new Uint32Array(lines.length);
  for (let at = 0; at < chance.length; at += 16384) crypto.getRandomValues(chance.subarray(at, at + 16384));
  return [...lines.keys()].sort((one, other) => chance[one] - chance[other]).slice(0, count).map((i) => lines[i]);
}

function aboutLists(recount, wrong, counted, proved) {
  if (wrong.length) return fails("list", "Vote lists are not as they must be.", wrong);
  if (!recount.listed.size) return open("list", "No votes are listed yet; that is done when a dialogue closes.");
  const lists = [...recount.listed.values()].reduce((sum, each) => sum + each.size, 0);
  if (proved === counted) return holds("list", `All ${counted} counted lines of ${lists} vote lists are proved to hold one answer.`);
  return open("list", `Of ${counted} counted lines of ${lists} vote lists ${proved} were drawn and are proved to hold one answer. One false line could hide among the others; the command checks all, and so does this program with --all.`);
}

const isWithheld = ({ marks }) => !marks.size || [...marks.values()].includes("withheld");

function checkTotals(files, log, recount) {
  const wrong = [], totals = new Map();
  for (const { dialogue, document } of recordsOf(log, "closed/v1")) {
    const bytes = files.get(`documents/${document}`);
    const read = bytes && reading(wrong, dialogue, () => readTotals(textOf(bytes), dialogue));
    if (!read) continue;
    totals.set(dialogue, read);
    const listed = [...recount.lists.keys()].filter((each) => each.startsWith(`${dialogue} `)).map((each) => each.split(" ")[1]);
    for (const statement of [...new Set([...read.statements.keys(), ...listed])].sort(smaller)) {
      const problem = problemOfTotal(read.statements.get(statement), recount.lists.get(`${dialogue} ${statement}`));
      if (problem) wrong.push(`${dialogue}: statement ${statement}${problem}`);
    }
  }
  const all = [...totals.values()].flatMap((each) => [...each.statements.values()]);
  const opened = all.filter((each) => each !== null).length;
  const found = [];
  if (wrong.length) found.push(fails("total", "Published totals are not the sums of the votes.", wrong));
  else if (opened) found.push(holds("total", `All ${opened} opened totals are the sums of their lists.`));
  if (opened < all.length) {
    const parts = [...totals.values()].map((each) => [each.dialogue, [...each.statements.values()].filter((one) => one !== null).length, each.statements.size]);
    const lines = parts.filter(([, some, every]) => some < every).map(([dialogue, some, every]) => `${dialogue}: ${some} of ${every}.`);
    found.push(open("withheld", `Opened: ${opened} of ${all.length} statements. The others stay shut, because too few people gave one of their answers, or because they were taken out or merged.`, lines));
  }
  return found;
}

// `said` is undefined where the statement has no line, and null where it is withheld.
function problemOfTotal(said, list) {
  if (said === undefined) return " has votes and no total.";
  if (!list) return " has a total and no votes.";
  if (isWithheld(list) !== (said === null)) return said ? " is opened, and its list withheld." : " is withheld, and its list opened.";
  if (said === null) return null;
  const words = `agree ${said.agree} pass ${said.pass} disagree ${said.disagree}`;
  if (!opensTo(list.sum, said)) return `: ${words} is published, and is not the sum.`;
  const votes = said.agree + said.pass + said.disagree;
  return votes === BigInt(list.counted) ? null : `: ${votes} votes on ${list.counted} counted lines.`;
}

// The rule of docs/ledger.md, "The final map": the bands of one answer, from the lower ends of all cells but one and
// the total; null if there are no such bands. The one cell gets what the others leave of the total.
const restOf = (row) => [...row.keys()].find((cell) => ["none", "all"].includes(populationOf(cell)));
const totalOf = (numbers) => numbers.reduce((sum, each) => sum + each, 0);

export function bandsByRule(row, total, minimum) {
  const rest = restOf(row), others = [...row].filter(([cell]) => cell !== rest);
  const steps = others.map(([, [low]]) => low / minimum);
  if (rest === undefined || !steps.every(Number.isInteger) || totalOf(steps) * minimum > total) return null;
  const largestOf = (counts) => counts.indexOf(counts.reduce((one, other) => Math.max(one, other), -1));
  let left = Math.floor(total / minimum) - totalOf(steps);
  if (left === 0 && steps.some((step) => step)) { steps[largestOf(steps)]--; left = 1; }
  const bands = new Map(others.map(([cell], i) => {
    const lowered = left === 1 && largestOf(steps.map((step, j) => step + (i === j ? 1 : 0))) === i;
    return [cell, [steps[i] * minimum, (steps[i] + (lowered ? 2 : 1)) * minimum - 1]];
  }));
  const least = Math.max(0, left * minimum - (minimum - 1) * steps.length);
  return bands.set(rest, [least - (least % minimum), (left + 1) * minimum - 1]);
}

const isByRule = (row, total, minimum) => isSameRow(row, bandsByRule(row, total, minimum) ?? new Map());
const notByRule = (answer) => `has bands of the answer ${answer} on the map that its rule does not give.`;

function problemsOfOpened(rows, totals, minimum) {
  return ANSWERS.flatMap((answer) => {
    const total = Number(totals[answer]), bands = [...rows[answer].values()];
    const [low, high] = [0, 1].map((end) => totalOf(bands.map((band) => band[end])));
    if (total < minimum) return [`is opened, and fewer than ${minimum} people gave the answer ${answer}.`];
    if (total < low || total > high) return [`has the sum ${answer} ${totals[answer]}, and the map says ${low} to ${high}.`];
    return isByRule(rows[answer], total, minimum) ? [] : [notByRule(answer)];
  });
}

// The step of the total that an answer's bands give; null if they are not of the rule.
function floorOf(row, minimum) {
  const rest = restOf(row);
  if (!row.size || rest === undefined) return row.size ? null : 0;
  const others = totalOf([...row].filter(([cell]) => cell !== rest).map(([, [low]]) => low));
  const floor = row.get(rest)[1] + 1 - minimum + others;
  return floor % minimum === 0 && isByRule(row, floor, minimum) ? floor : null;
}

const isFilling = (lines) => lines >= 16 && Number.isInteger(Math.log2(lines)); // tags that fill a list up
function isLengthOfUnshown(lines) {
  for (let part = 16; part < lines; part *= 2) if (isFilling(lines - part)) return true;
  return false;
}

function problemsOfWithheld(rows, lines, minimum) {
  const floors = ANSWERS.map((answer) => floorOf(rows[answer], minimum));
  const wrong = ANSWERS.filter((_, i) => floors[i] === null);
  if (wrong.length) return wrong.map(notByRule);
  if (Math.min(...floors) >= minimum) return [`is withheld, and ${minimum} people or more gave each answer.`];
  const rest = lines - totalOf(floors.map((floor) => floor + minimum - 1));
  return isFilling(rest) ? [] : [`has a list of ${lines} lines, which does not follow from the map.`];
}

function checkFinalMaps(files, log, recount) {
  const wrong = [];
  let compared = 0;
  for (const end of recordsOf(log, "closed/v1")) {
    const bytes = files.get(`documents/${end.map}`);
    const figures = bytes && reading(wrong, `${end.dialogue}: the final map`, () => readMapFigures(bytes));
    if (!figures) continue;
    compared++;
    wrong.push(...problemsOfMap(files, log, recount, figures, end).map((line) => `${end.dialogue}: ${line}`));
  }
  if (wrong.length) return [fails("map", "A final map does not show what the sums of the votes say.", wrong)];
  return compared ? [holds("map", `Final maps whose counts are those that the sums of the votes give: ${compared}.`)] : [];
}

function problemsOfMap(files, log, recount, figures, end) {
  const found = [], { removed, late } = decisionsOf(log, end), unexplained = [];
  const made = recordsOf(log, "map/v1").filter((each) => each.document === end.map).at(-1)?.index ?? log.size;
  const settings = reading([], "", () => settingsBefore(files, log, end.dialogue, made));
  if (settings && settings.minimum_shown !== figures.minimum) found.push(`the map's smallest number of people shown is ${figures.minimum}, not the settings'.`);
  const path = `documents/${end.document}`;
  const totals = (files.has(path) && reading([], "", () => readTotals(textOf(files.get(path)), end.dialogue))) || null;
  const listed = recount.listed.get(end.dialogue) ?? new Set();
  for (const number of [...new Set([...figures.statements.keys(), ...listed])].sort(smaller)) {
    const said = totals?.statements.get(number), votes = recount.lists.get(`${end.dialogue} ${number}`);
    const rows = figures.statements.get(number), name = `statement ${number}`;
    if (!listed.has(number)) found.push(`${name} is on the map, and its votes are not listed.`);
    else if (said === undefined || !votes || problemOfTotal(said, votes)) continue; // told by other checks
    else if (rows && said) found.push(...problemsOfOpened(rows, said, figures.minimum).map((line) => `${name} ${line}`));
    else if (rows && !(late.has(number) && removed.has(number))) {
      found.push(...problemsOfWithheld(rows, votes.marks.size, figures.minimum).map((line) => `${name} ${line}`));
    } else if (rows) continue; // taken out after the map was made
    else if (said && late.has(number)) continue; // decided on after the map was made
    else if (said) found.push(`${name} is opened, and the map does not show it.`);
    else if (!removed.has(number)) unexplained.push(number);
    else if (!isLengthOfUnshown(votes.marks.size)) found.push(`${name} has a list of another length than unshown statements have.`);
  }
  const { missing, erased } = unlisted(log, recount, end);
  const isUnexplained = BigInt(unexplained.length + missing.length) > erased && unexplained.length;
  if (isUnexplained) found.push(`statements ${unexplained.slice(0, 20).join(", ")} are not on the map, and the log does not tell why.`);
  return found;
}

// Statements that moderators had last decided not to show, and those that they decided on after the final map.
function decisionsOf(log, end) {
  const made = recordsOf(log, "map/v1").filter((each) => each.document === end.map).at(-1)?.index ?? Infinity;
  const last = new Map();
  for (const each of recordsOf(log, "moderation/v1").filter((each) => each.dialogue === end.dialogue && each.index < end.index)) {
    // That a statement was approved and not decided on afterwards contradicts "not_shown".
    if (each.action !== "not_shown" || last.get(each.statement)?.action !== "approve") last.set(each.statement, each);
  }
  const numbers = (wanted) => new Set([...last].filter(([, each]) => wanted(each)).map(([number]) => number));
  return { removed: numbers((each) => each.action !== "approve"), late: numbers((each) => each.index > made) };
}

// Statements without a list, and how many texts were deleted before the end.
function unlisted(log, recount, end) {
  const own = (kind) => recordsOf(log, kind).filter((each) => each.dialogue === end.dialogue);
  const listed = recount.listed.get(end.dialogue) ?? new Set();
  const sealed = own("sealed-text/v1").filter((each) => isStatement(each)).map((each) => each.number);
  const missing = [...new Set(sealed)].filter((each) => !listed.has(each)).sort(smaller);
  const before = own("erasures/v1").filter((each) => each.index < end.index);
  return { missing, erased: before.reduce((sum, each) => sum + BigInt(each.texts), 0n) };
}

// Decisions for reasons of the host's own: the settings that held tell each, and later ones in the same words.
function checkReasons(files, log) {
  const isNamed = (each) => ["moderation/v1", "text-moderation/v1"].includes(each.kind) && each.reason.startsWith("own-");
  const named = log.records.filter(isNamed), wrong = [], left = [];
  for (const dialogue of [...new Set(named.map((each) => each.dialogue))].sort()) {
    const given = new Map(); let told = new Map(); // given: the words that authors read; null where a file is missing
    for (const each of log.records) {
      if (each.dialogue !== dialogue || !(each.kind === "settings/v1" || isNamed(each))) continue;
      const { index, reason, document } = each, path = `documents/${document}`;
      if (reason && told && !told.has(reason)) wrong.push(`${dialogue}: entry ${index} names ${reason}, which its settings do not tell.`);
      else if (reason) given.set(reason, (told ?? given).get(reason) ?? null);
      if (reason) continue;
      told = files.has(path) ? reasonsTold(files.get(path)) : null;
      if (!told) left.push(`${dialogue}: entry ${index}, ${path}.`);
      for (const [code, words] of told ? given : []) {
        if (!told.has(code) || (words !== null && words !== told.get(code))) wrong.push(`${dialogue}: entry ${index} tells ${code} in other words, or no more.`);
        given.set(code, told.get(code) ?? null);
      }
    }
  }
  if (wrong.length) return [fails("reason", "Decisions name reasons of the host's own that its settings do not tell so.", wrong)];
  if (left.length) return [open("reason", `Settings that tell the host's own reasons, and are not in this copy: ${left.length}.`, left)];
  return named.length ? [holds("reason", `Decisions for reasons of the host's own that it told: ${named.length}.`)] : [];
}

function checkClosing(files, log, recount) {
  const closed = new Map(), wrong = [];
  for (const record of recordsOf(log, "closed/v1")) {
    if (closed.has(record.dialogue)) { wrong.push(`${record.dialogue}: entry ${record.index} closes it a second time.`); continue; }
    closed.set(record.dialogue, record.index);
    wrong.push(...problemsOfClosing(files, log, recount, record).map((line) => `${record.dialogue}: ${line}`));
  }
  for (const record of log.records) {
    const ends = ["map/v1", "votes/v1", "box/v1"].includes(record.kind) || isStatement(record);
    if (ends && closed.get(record.dialogue) < record.index) wrong.push(`${record.dialogue}: entry ${record.index}, ${record.kind.split("/")[0]}, came after its end.`);
  }
  const found = [];
  if (wrong.length) found.push(fails("closing", "A closed dialogue is incomplete, or went on.", wrong));
  else if (closed.size) found.push(holds("closing", `Closed dialogues with map, vote lists and totals, and unchanged: ${closed.size}.`));
  const left = [...new Set(recordsOf(log, "box/v1").map((each) => each.dialogue))].filter((each) => !closed.has(each)).sort();
  if (left.length) found.push(open("closing", `Dialogues whose votes are sealed until their result: ${left.length}.`, left.map((each) => `${each}.`)));
  return found;
}

// So long after its close, in milliseconds, a dialogue's lists and `closed/v1` must be in the log.
const DELAY = 2 * 24 * 3600 * 1000;
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$/;

// `now` is the reader's time in milliseconds since 1970; null: nobody can say.
function checkOverdue(files, log, now) {
  const late = (now === null ? [] : openOnes(log)).filter((dialogue) => {
    const settings = reading([], "", () => settingsBefore(files, log, dialogue, log.size));
    const end = settings && endOf(settings);
    return end !== null && end < now - DELAY;
  });
  if (!late.length) return [];
  const lines = late.map((dialogue) => `${dialogue}: by its settings it is over, and its votes are not listed.`);
  return [fails("overdue", `Dialogues whose votes were not listed within two days of their end: ${late.length}.`, lines)];
}

const openOnes = (log) => [...new Set(recordsOf(log, "settings/v1").map((each) => each.dialogue))].filter((each) => !closedIn(log).has(each)).sort();

// When the dialogue ended or will end; null if its settings name no end. A time that cannot be read is long ago.
function endOf({ state, closes_at: closes = null, opens_at: opens = null }) {
  if (state === "draft" || (state !== "closed" && closes === null)) return null;
  const time = closes ?? opens;
  return (typeof time === "string" && TIME.test(time) ? Date.parse(time) : NaN) || -Infinity;
}

function problemsOfClosing(files, log, recount, closed) {
  const own = (kind) => recordsOf(log, kind).filter((each) => each.dialogue === closed.dialogue);
  const before = (kind) => own(kind).filter((each) => each.index < closed.index);
  const maps = before("map/v1"), lists = before("votes/v1"), found = [];
  if (maps.at(-1)?.document !== closed.map) found.push("the map that it names as the final one is not its last.");
  if (BigInt(lists.length) !== BigInt(closed.lists)) found.push(`it names ${closed.lists} vote lists, and ${lists.length} are logged.`);
  if (maps.length && lists.length && lists[0].index < maps.at(-1).index) found.push(`entry ${lists[0].index} lists votes before the final map.`);
  const absent = [["final map", closed.map], ["totals", closed.document]].filter(([, document]) => !files.has(`documents/${document}`));
  found.push(...absent.map(([what, document]) => `the file of its ${what} is missing: documents/${document}.`));
  reading(found, "its settings", () => settingsBefore(files, log, closed.dialogue, closed.index));
  const { missing, erased } = unlisted(log, recount, closed);
  if (BigInt(missing.length) > erased) found.push(`no votes are listed of statements ${missing.slice(0, 20).join(", ")}, and ${erased} texts were deleted.`);
  return found;
}

// Checks files that the reader holds. A wrong one is no fault of the log: anybody can write one, or
// damage it on its way.
const FOREIGN = "They are damaged, or of another log or key, and prove nothing about this one.";
const BESIDE = "beside the total: if its holder did not take the vote back, the settings must say why";
const PROMISE = { origin: plainText, dialogue: label, statement: number, tag: hash };
const closedIn = (log) => new Set(recordsOf(log, "closed/v1").map((each) => each.dialogue));

async function checkPromises(files, key, log, recount) {
  const lines = { holds: [], fails: [], open: [] }, foreign = [], closed = closedIn(log);
  const able = await canCheckSignatures();
  for (const path of below(files, "promises")) {
    const promise = await readingLater(foreign, path, async () => {
      const note = readNote(files.get(path));
      await mustBeSigned(note, key);
      const read = readRecord("promise/v1", PROMISE, note.text);
      return read.origin === key.name ? read : bad(`it is of another log, ${read.origin}`);
    });
    if (!promise) continue;
    const [state, words] = judgePromise(promise, closed, recount);
    lines[able ? state : "open"].push(`${path}: ${words}`);
  }
  const found = [];
  if (lines.fails.length) found.push(fails("promise", "The log broke promises that it signed.", lines.fails));
  if (foreign.length) found.push(open("foreign", `Promises that this log did not sign: ${foreign.length}. ${FOREIGN}`, foreign));
  if (lines.open.length) found.push(open("promise", able ? "Promises that are not due, or whose vote is not counted." : "Promises whose signature cannot be checked here.", lines.open));
  if (lines.holds.length) found.push(holds("promise", `Promises that were kept: ${lines.holds.length}.`));
  return found;
}

function judgePromise({ dialogue, statement, tag }, closed, recount) {
  if (!closed.has(dialogue)) return ["open", `${dialogue} is not closed yet.`];
  const mark = recount.lists.get(`${dialogue} ${statement}`)?.marks.get(tag), where = `the list of statement ${statement}`;
  if (!mark) return ["fails", `${where} of ${dialogue} does not hold its tag.`];
  return mark === "beside" ? ["open", `${where} holds its tag ${BESIDE}.`] : ["holds", `${where} holds its tag.`];
}

// A receipt is a tlog-proof (c2sp.org/tlog-proof) for the entry of a box, whose extra line holds a vote and its place in it.
async function openReceipt(bytes, key) {
  const gap = bytes.findIndex((byte, i) => byte === 10 && bytes[i + 1] === 10);
  const lines = gap < 0 ? bad("the file is not a receipt") : looseText(bytes.subarray(0, gap)).split("\n");
  if (lines.shift() !== "c2sp.org/tlog-proof@v1") bad("the file is not a receipt");
  const extra = lines[0]?.startsWith("extra ") ? fromBase64(lines.shift().slice(6)) : new Uint8Array(0);
  const index = /^index (0|[1-9][0-9]{0,18})$/.exec(lines.shift() ?? "") ?? bad("the receipt has no index");
  const proof = lines.map(fromBase64);
  if (proof.length > 64 || proof.some((part) => part.length !== 32)) bad("a hash of the receipt is wrong");
  const vote = readRecord("receipt/v1", RECEIPT, textOf(extra));
  const leaf = leafHash(boxEntryOf(vote));
  const checkpoint = await openCheckpoint(bytes.subarray(gap + 2), key);
  const place = BigInt(index[1]);
  if (!isIncluded(leaf, place, checkpoint.exactSize, checkpoint.root, proof)) bad("the leaf is not in the log at that place");
  return { vote, place, leaf };
}

function judgeReceipt({ vote, place, leaf }, log, recount, closed) {
  const isThere = place < log.leaves.length && same(log.leaves[Number(place)], leaf);
  if (!isThere) return ["wrong", `entry ${place} is not its box, though the log signed that it is: a fork`];
  if (!closed.has(vote.dialogue)) return ["sealed", `the vote is in the box of entry ${place}`];
  const mark = recount.lists.get(`${vote.dialogue} ${vote.statement}`)?.marks.get(tagOf(vote));
  const where = `the list of statement ${vote.statement}`;
  if (!mark) return ["wrong", `the vote was in the box of entry ${place}, and ${where} lacks its tag`];
  return [mark, mark === "beside" ? `${where} holds its tag ${BESIDE}` : `${where} holds its tag`];
}

const OUTCOMES = {
  wrong: [fails, "Votes of receipts were kept back."],
  sealed: [open, "Receipts whose vote is in a box of the log, sealed until the result: #."],
  beside: [open, "Receipts whose vote is listed and not counted: #."],
  withheld: [open, "Receipts whose vote is listed on a statement that stays shut: #."],
  unsigned: [open, "Receipts whose signature cannot be checked here: #."],
  counted: [holds, "Receipts whose vote is listed and counted: #."],
};

async function checkReceipts(files, key, log, recount) {
  const lines = {}, foreign = [], able = await canCheckSignatures(), closed = closedIn(log);
  for (const path of below(files, "receipts")) {
    const read = await readingLater(foreign, path, () => openReceipt(files.get(path), key));
    if (!read) continue;
    const [outcome, words] = judgeReceipt(read, log, recount, closed);
    (lines[able ? outcome : "unsigned"] ??= []).push(`${path}: ${words}.`);
  }
  const found = foreign.length ? [open("foreign", `Receipts that this log's signature does not cover: ${foreign.length}. ${FOREIGN}`, foreign)] : [];
  const told = Object.entries(OUTCOMES).filter(([outcome]) => lines[outcome]);
  found.push(...told.map(([outcome, [state, sentence]]) => state("receipt", sentence.replace("#", lines[outcome].length), lines[outcome])));
  return found;
}

// Checks everything that the files show. `files` is a Map from path to bytes; keys are lines of text that
// the reader has from elsewhere. If there are more counted lines than `mostProofs`, only `sample` of their
// proofs are checked. `now` is the time in milliseconds since 1970, with which it is seen what should be closed. `progress(done, all)` is called while proofs are checked.
export async function verify(files, { logKey = null, witnessKeys = null, now = null, mostProofs = MOST_PROOFS, sample = DRAWN } = {}, progress = () => {}) {
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
  found.push(...(await checkWitnesses(signed, witnesses)), ...checkTexts(files, log), ...checkDocuments(files, log, signed), ...checkReasons(files, log));
  const { recount, found: aboutLists } = checkLists(files, log, key, { mostProofs, sample, progress });
  found.push(...checkClosing(files, log, recount), ...checkOverdue(files, log, now), ...aboutLists, ...checkTotals(files, log, recount), ...checkFinalMaps(files, log, recount));
  const site = checkSite(files, log), shown = checkShown(files, log, now);
  found.push(...site.found, ...shown.found);
  found.push(...(await checkPromises(files, key, log, recount)), ...(await checkReceipts(files, key, log, recount)));
  return report([...found, aboutUnchecked(files, log, now, site.named, shown.named)]);
}

// Files that the site offers for download; a copy has them below site/. Words may be removed from them later,
// figures may not change.
const SITE_FILES = ["map.json", "statements.csv"];

function checkSite(files, log) {
  const wrong = [], left = new Map();
  const leave = (dialogue, thing, reason) => left.set(`${thing}\n${reason}`, [...(left.get(`${thing}\n${reason}`) ?? []), dialogue]);
  let right = 0;
  for (const { dialogue, map } of recordsOf(log, "closed/v1")) {
    const document = files.get(`documents/${map}`), path = `texts/${dialogue}/statements`;
    if (!document) continue;
    const opened = (files.has(path) && reading([], path, () => readTexts(textOf(files.get(path)), dialogue, "statements"))) || [];
    const words = new Map(opened.map((each) => [Number(each.number), each.text]));
    for (const name of SITE_FILES) {
      const shown = files.get(`site/${dialogue}/${name}`);
      if (!shown) { leave(dialogue, name, "it is not here"); continue; }
      let found = { wrong: ["it cannot be compared with the final map"], unchecked: [] };
      try {
        const data = readJson(document);
        found = (name === "map.json" ? compareJson : compareRows)(data, shown, words);
        const unknown = data.statements.filter((item) => !words.has(item.number)).length;
        if (unknown) found.unchecked.push(`words that the log does not show any more: ${unknown}`);
      } catch (problem) {
        if (!(problem instanceof Bad || problem instanceof TypeError || problem instanceof RangeError)) throw problem;
      }
      wrong.push(...found.wrong.map((each) => `${dialogue}, ${name}: ${each}.`));
      if (!found.wrong.length) right++;
      for (const each of found.unchecked) leave(dialogue, `in ${name}`, each);
    }
  }
  const named = [...left].map(([key, all]) => {
    const [thing, reason] = key.split("\n"), more = all.length > 3 ? ` and ${all.length - 3} more` : "";
    return `${thing} of ${all.slice(0, 3).join(", ")}${more} (${reason})`;
  });
  if (wrong.length) return { found: [fails("site", "Files of the site show other figures than the log.", wrong)], named };
  return { found: right ? [holds("site", `Files of the site that show what the final maps say: ${right}.`)] : [], named };
}

function isSameJson(one, other) {
  if (Object.is(one, other) || one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other || Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name) && isSameJson(one[name], other[name]));
}

const otherWords = (number) => `the words of statement ${number} are not those that were logged`;

function compareJson(document, shown, words) {
  const figures = ({ question, host, ...data }) => ({ ...data, statements: data.statements.map(({ text, exposure, ...item }) => item) });
  const data = readJson(shown), one = figures(document), other = figures(data);
  const wrong = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort()
    .filter((name) => !(Object.hasOwn(one, name) && Object.hasOwn(other, name) && isSameJson(one[name], other[name])))
    .map((name) => `${name} is not that of the final map`);
  const isOther = ({ number }, i) => words.has(number) && data.statements[i].text !== words.get(number);
  return { wrong: wrong.length ? wrong : document.statements.filter(isOther).map((item) => otherWords(item.number)), unchecked: [] };
}

// RFC 4180: rows of fields, which may be quoted.
function readCsv(text) {
  const rows = [[]];
  for (const [, field, quoted, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\r|\n|$)/g)) {
    rows.at(-1).push((field ?? quoted).replaceAll('""', '"'));
    if (end && end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1 || row[0]);
}

function compareRows(document, shown, words) {
  const rank = (name, number) => document[name].indexOf(number) + 1 || null;
  const expected = document.statements.flatMap((item) => {
    const counts = Object.entries(item.counts).map(([population, each]) => ({ population, ...each }));
    return (item.by_tier.length ? item.by_tier : counts).map((cell) => ({
      statement: item.number, population: cell.population, ...(cell.tier === undefined ? {} : { tier: cell.tier }),
      ...Object.fromEntries(ANSWERS.flatMap((answer) => [[`${answer}_from`, cell[answer][0]], [`${answer}_to`, cell[answer][1]]])),
      ...Object.fromEntries(["agree", "low", "high"].map((name) => [`share_${name}`, item.shares[cell.population]?.[name] ?? null])),
      middle_ground_rank: rank("middle_ground", item.number), divisive_rank: rank("divisive", item.number),
    }));
  });
  const [names, ...fields] = readCsv(textOf(shown).replace(/^\ufeff/, ""));
  const crooked = fields.some((row) => row.length !== (names ?? bad("it is empty")).length);
  if (crooked || new Set(names).size < names.length) return { wrong: [crooked ? "its rows have not one field for each column" : "a column stands twice"], unchecked: [] };
  const known = new Set(["text", "population", "tier", ...expected.flatMap((row) => Object.keys(row))]);
  const more = names.filter((name) => !known.has(name)).length;
  const unchecked = more ? [`columns of which the log says nothing: ${more}`] : [];
  if (fields.length !== expected.length) return { wrong: [`it has ${fields.length} rows, and the final map ${expected.length}`], unchecked };
  const isSame = (told, wanted) => (typeof wanted === "number" ? /^[0-9]+(\.[0-9]+)?(e-?[0-9]+)?$/.test(told) && Number(told) === wanted : told === (wanted ?? ""));
  const wrong = expected.flatMap((wanted, i) => {
    const row = new Map(names.map((name, at) => [name, fields[i][at]])), text = words.get(wanted.statement);
    const told = (name) => row.get(name) ?? bad("a column is missing");
    if (!Object.entries(wanted).every(([name, value]) => isSame(told(name), value))) return [`row ${i + 2} has other figures than the final map`];
    return text === undefined || [text, `'${text}`, text.replace(/(^|; *)(?='*[=+\-@\t\r\n＝＋－＠])/g, "$1'")].includes(told("text")) ? [] : [`row ${i + 2}: ${otherWords(wanted.statement)}`];
  });
  return { wrong, unchecked };
}

// What a site shows of what bodies, hosts and staff said. With two names its versions count up, and all are shown; otherwise the newest
// document holds. It is fetched after the log, so it may be newer than it by as long as a host may take to sign.
const NEWEST = { beside: ["changed_on"], day: (item) => item.changed_on }; // not part of the document
const SHOWN = [
  { subject: "answers", things: "answers of bodies", kind: "response/v1", at: "answers/answers.json", list: "responses", names: ["case", "version"], beside: ["withdrawn", "withdrawn_on"], day: (item) => item.published_on },
  { subject: "commitments", things: "commitments of bodies", kind: "commitment/v1", at: "commitments/commitments.json", list: "commitments", names: ["commitment", "event"], day: (item) => item.events.at(-1).on },
  { subject: "rules", things: "rules for answers", kind: "answer-rules/v1", at: "answers/rules.json", list: "rules", names: [], ...NEWEST },
  { subject: "evidence", things: "sources", kind: "evidence/v1", at: "sources/evidence.json", list: "sources", names: ["source"], ...NEWEST },
  { subject: "evidence", things: "claims", kind: "evidence/v1", at: "sources/evidence.json", list: "claims", names: ["claim"], ...NEWEST },
];
const nameOf = (path) => path.split("/").at(-1);
const inOrder = (map) => [...map].sort(([a], [b]) => a.split(" ")[0] - b.split(" ")[0] || a.split(" ")[1] - b.split(" ")[1]);

function checkShown(files, log, now) {
  const all = [], named = [];
  for (const shape of SHOWN) {
    const { subject, things } = shape, file = nameOf(shape.at), wrong = [], logged = loggedOf(shape, log, wrong);
    const here = below(files, "site", 2).filter((path) => nameOf(path) === file).map((path) => path.split("/")[1]);
    let right = 0;
    for (const dialogue of [...new Set([...logged.keys(), ...here])].sort()) {
      const path = `site/${dialogue}/${file}`, documents = logged.get(dialogue) ?? new Map();
      if (!files.has(path)) { named.push(`${things} in ${dialogue} (${file} is not here)`); continue; }
      const shown = reading(wrong, `${dialogue}, ${file}`, () => readShown(files.get(path), shape));
      if (!shown) continue;
      const { found, later } = compareShown(files, shape, documents, shown, now);
      wrong.push(...found.map((each) => `${dialogue}, ${each}.`));
      if (!found.length) right += documents.size;
      if (later) named.push(`${things} in ${dialogue} that the log does not have yet (${later})`);
    }
    const those = things[0].toUpperCase() + things.slice(1);
    if (wrong.length) all.push(fails(subject, `${those} are not shown as they were logged.`, wrong));
    else if (right) all.push(holds(subject, `${those} that are shown as they were logged: ${right}.`));
  }
  return { found: all, named };
}

// By dialogue and number: the hash of the document, and whether a body withdrew it.
function loggedOf({ kind, list, names }, log, wrong) {
  const logged = new Map(), newest = new Map();
  const withdrawn = new Set(recordsOf(log, "response-withdrawn/v1").map((each) => `${each.dialogue}\n${each.case} ${each.version}`));
  for (const record of recordsOf(log, kind).filter(({ collection = list }) => collection === list)) {
    const numbers = names.length === 1 ? [record.number] : names.map((name) => record[name]), id = numbers.join(" ");
    const { dialogue, document } = record, [number, count] = numbers, key = `${dialogue}\n${number}`;
    if (!logged.has(dialogue)) logged.set(dialogue, new Map());
    if (count !== undefined && BigInt(count) !== (newest.get(key) ?? 0n) + 1n) wrong.push(`${dialogue}, ${names[0]} ${number}: ${names[1]} ${count} does not follow the last one.`);
    if (count === undefined || !logged.get(dialogue).has(id)) logged.get(dialogue).set(id, { document, isWithdrawn: withdrawn.has(`${dialogue}\n${id}`) });
    if (count !== undefined) newest.set(key, BigInt(count));
  }
  return logged;
}

function isDocument(content, document) {
  try {
    return isSameJson(content, readJson(document));
  } catch (problem) {
    if (!(problem instanceof Bad || problem instanceof RangeError)) throw problem; // nested deeper than is read
    return false;
  }
}

const AHEAD = 24 * 3600 * 1000; // by which the reader's clock and calendar may differ from the host's
const dayOf = (time) => new Date(time).toISOString().slice(0, 10);
// Also that it exists: JavaScript reads the 31st of November as the 1st of December.
const isDay = (text) => typeof text === "string" && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && dayOf(text) === text;

function compareShown(files, { names, things, beside = [], day }, documents, shown, now) {
  const found = [], newer = new Set(), nameAt = (id) => names.map((name, i) => `${name} ${id.split(" ")[i]}`).join(", ") || things;
  const isLateOn = (on) => now !== null && !(isDay(on) && on >= dayOf(now - DELAY) && on <= dayOf(now + AHEAD)), isLate = (item) => isLateOn(day(item));
  for (const [id, logged] of inOrder(documents)) {
    const item = shown.get(id), document = files.get(`documents/${logged.document}`), content = { ...item }, wrong = [];
    for (const name of beside) delete content[name];
    if (!item) wrong.push("it is not shown");
    else if (names[1] === "version" && logged.isWithdrawn && item.withdrawn !== true) wrong.push("it is shown as if it were not withdrawn");
    if (item && document && !isDocument(content, document)) wrong.push("it is not what was logged");
    if (wrong.length && item && names.length < 2 && !isLate(item)) newer.add(id);
    else found.push(...wrong.map((problem) => `${nameAt(id)}: ${problem}`));
    if (item && names[1] === "version" && !logged.isWithdrawn && item.withdrawn !== false) {
      newer.add(id);
      if (isLateOn(item.withdrawn_on)) found.push(`${nameAt(id)}: that it was withdrawn was never logged`);
    }
  }
  for (const [id, item] of inOrder(shown).filter(([id]) => !documents.has(id))) {
    newer.add(id);
    if (isLate(item)) found.push(`${nameAt(id)}: it was never logged`);
  }
  return { found, later: newer.size };
}

// By number: of a commitment, what it was after each event, whose document has all up to this one.
function readShown(bytes, { list: name, things, names }) {
  const listed = readJson(bytes)[name];
  if (!Array.isArray(listed) || !listed.every(isObject)) bad(`it has no list of ${things}`);
  const items = listed.flatMap((item) => {
    if (names[1] !== "event") return [[names.map((each) => people(item[each])).join(" "), item]];
    const { commitment, events } = item;
    if (!Array.isArray(events) || !events.length || !events.every(isObject)) bad("a commitment has no events");
    return events.map((_, i) => [`${people(commitment)} ${i + 1}`, { ...item, events: events.slice(0, i + 1) }]);
  });
  const shown = new Map(items);
  return shown.size < items.length ? bad("one of them stands twice") : shown;
}

// What the files given do not let anybody check.
function aboutUnchecked(files, log, now, ofSite, ofShown) {
  const names = ["receipts", "promises"].filter((folder) => !below(files, folder).length).map((name) => `${name}, for none is here`);
  if (recordsOf(log, "map/v1").length) names.push("groups, places and shares on maps, which follow from single votes");
  if (now === null && openOnes(log).length) names.push("whether a dialogue should have been closed by now");
  const isHere = below(files, "site", 2).some((path) => SITE_FILES.includes(path.split("/").at(-1)));
  names.push(...(isHere ? ofSite : ["files that the site offers for download"]));
  names.push("the pages of the site and its Parquet files", ...ofShown, "whether participants are people");
  return open("unchecked", `Not checked: ${names.join("; ")}.`);
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
  closing: "a closed dialogue is incomplete, or went on after its end.",
  overdue: "a dialogue is over, and its votes were not listed within two days.",
  list: "nothing proves that each of its listed votes is one.",
  tag: "a vote stands in two lists.",
  total: "a published result is not the sum of the votes.",
  map: "a final map does not show what the sums of the votes say.",
  text: "texts are not shown as they were logged.",
  document: "a published document is not the one that was logged.",
  reason: "decisions name reasons that the settings do not tell so.",
  site: "the site shows something else than the log.",
  answers: "answers of bodies are not shown as they were logged.",
  commitments: "commitments of bodies are not shown as they were logged.",
  rules: "rules for answers are not shown as they were logged.",
  evidence: "sources and claims are not shown as they were logged.",
  promise: "a promise that was signed was not kept.",
  receipt: "a vote whose receipt is here was kept back.",
  witness: "a signature in a witness's name is forged.",
};

const MEANINGS = {
  key: "The key was taken from the log itself. Compare it with the one that the host printed elsewhere: whoever forges a whole log forges its key too.",
  signature: "Signatures could not be checked here. Use the command, or another browser.",
  witness: "Nobody else is known to have signed this state of the log, so others may have been shown another one.",
  tiles: "There are files that no signature covers yet.",
  record: "There are entries of kinds that this program does not know.",
  document: "Some documents are not in this copy, or were never logged.",
  reason: "", replaced: "", withheld: "", list: "", // the finding's own words, which have the numbers
  closing: "Votes of dialogues that are open are sealed until their result.",
  promise: "Some promises are not due yet, or their vote is not counted; each says why.",
  receipt: "Of some receipts it is not settled whether their vote counts; each says why.",
  foreign: "Some files that you hold are not signed by this log: damaged, or not from here.",
  unchecked: "",
};

function report(findings) {
  const of = (state) => new Map(findings.filter((each) => each.state === state).map((each) => [each.subject, each.sentence]));
  const failing = of("fails"), holding = of("holds"), left = of("open");
  const green = !failing.size && ["signature", "history", "tiles"].every((subject) => holding.has(subject));
  const reason = Object.keys(REASONS).find((subject) => failing.has(subject));
  let sentence = "This log could not be checked.";
  if (reason) sentence = `Do not rely on this log: ${REASONS[reason]}`;
  else if (green && holding.has("total")) sentence = "This log is as its host signed it, and every total that is opened is the sum of its votes.";
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

  async function one(path, place = path) {
    const answer = await fetchFile(new URL(place, address), { redirect: "error", cache: "no-store", credentials: "omit" });
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
  const documents = new Set(log.records.filter((each) => each.document).map((each) => `documents/${each.document}`));
  const texts = log.records.filter((each) => each.kind === "sealed-text/v1").map((each) => `texts/${each.dialogue}/${each.collection}`);
  await all([...documents, ...new Set(texts)]);
  if (!/\/ledger\/$/.test(new URL(address).pathname)) return files;
  for (const { dialogue } of recordsOf(log, "closed/v1")) for (const name of SITE_FILES) await one(`site/${dialogue}/${name}`, `../d/${dialogue}/results/${name}`);
  // Imported dialogues have no settings in the log.
  const kinds = ["settings/v1", ...SHOWN.map((each) => each.kind)];
  const shown = new Set(SHOWN.map((each) => each.at)), dialogues = new Set(kinds.flatMap((kind) => recordsOf(log, kind)).map((each) => each.dialogue));
  for (const dialogue of dialogues) for (const at of shown) await one(`site/${dialogue}/${nameOf(at)}`, `../d/${dialogue}/${at}`);
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
  const options = { key: { type: "string" }, "witness-key": { type: "string", multiple: true }, all: { type: "boolean" }, json: { type: "boolean" } };
  const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true });
  if (positionals.length !== 1) throw new Error("Usage: node verify.mjs FOLDER [--key KEY] [--witness-key KEY]… [--all] [--json]");
  const chosen = { logKey: values.key, witnessKeys: values["witness-key"], now: Date.now(), mostProofs: values.all ? Infinity : MOST_PROOFS };
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
