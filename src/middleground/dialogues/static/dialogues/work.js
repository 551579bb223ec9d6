// Solves one challenge in ALTCHA's format, version 2 with PBKDF2: find a counter for which the key
// derived from it begins as asked. In a worker, so that the page never waits.

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (array) => Array.from(array, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function derive(parameters, password) {
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const way = {
    name: "PBKDF2",
    hash: parameters.algorithm.split("/")[1],
    salt: bytes(parameters.salt),
    iterations: parameters.cost,
  };
  return new Uint8Array(await crypto.subtle.deriveBits(way, key, parameters.keyLength * 8));
}

self.onmessage = async ({ data: challenge }) => {
  const { parameters } = challenge;
  const nonce = bytes(parameters.nonce);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  const counterIn = new DataView(password.buffer);
  for (let counter = 0; ; counter += 1) {
    counterIn.setUint32(nonce.length, counter);
    const derivedKey = hex(await derive(parameters, password));
    if (derivedKey.startsWith(parameters.keyPrefix)) {
      self.postMessage(btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } })));
      return;
    }
  }
};
