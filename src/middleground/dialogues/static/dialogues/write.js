// Counts the characters of a text while it is typed. The server decides; this only tells.

(() => {
  // As the server stores and counts (texts/normalise.py): characters, not code units; one space
  // between words; without what it takes out; and with accents composed to their letters.
  const TAKEN_OUT =
    /(\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]+\u{e007f})|[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u206f\ue000-\uf8ff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}\u{f0000}-\u{10ffff}]/gu;
  const SPACES = /[\t\n\v\f\r\x85\u2028\u2029 \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+/gu;

  const composed = (text) => {
    let done = "";
    let part = "";
    for (const character of text) {
      if (character.normalize("NFC") === character) part += character;
      else {
        done += part.normalize("NFC") + character;
        part = "";
      }
    }
    return done + part.normalize("NFC");
  };
  const length = (typed) => {
    const text = typed.replace(TAKEN_OUT, "$1").replace(SPACES, " ").replace(/^ | $/g, "");
    return Array.from(composed(text)).length;
  };

  for (const field of document.querySelectorAll("textarea[data-limit]")) {
    const shown = field.parentElement.querySelector("[data-count-shown]");
    const said = field.parentElement.querySelector("[data-count-said]");
    if (!shown || !said) continue;
    const limit = Number(field.dataset.limit);
    const advised = Number(field.dataset.advised || limit);
    const words = JSON.parse(shown.dataset.words);
    let before = "";

    // The form for a number, which repeats with its last two digits.
    const worded = (texts, n) =>
      texts[words.form[n < 200 ? n : 100 + (n % 100)]].replace("%(n)s", n);
    const tell = () => {
      const count = length(field.value);
      const state = count > limit ? "over" : count > advised ? "long" : "fine";
      const left = limit - count;
      shown.dataset.state = state;
      shown.textContent = left < 0 ? worded(words.over, -left) : worded(words.left, left);
      // Read out only when something changes for the writer, not at every letter.
      if (state !== before) said.textContent = before === "" && state === "fine" ? "" : shown.textContent;
      before = state;
    };
    field.addEventListener("input", tell);
    tell();
  }
})();
