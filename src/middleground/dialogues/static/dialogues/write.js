// Counts the characters of a statement while it is typed. The server decides; this only tells.

(() => {
  const field = document.querySelector("[data-count]");
  const shown = document.querySelector("[data-count-shown]");
  const said = document.querySelector("[data-count-said]");
  if (!field || !shown || !said) return;
  const advised = Number(field.dataset.advised);
  const limit = Number(field.dataset.limit);
  let before = "";

  // As the server counts: one space between words, and characters, not code units.
  const length = () => Array.from(field.value.normalize("NFC").trim().replace(/\s+/gu, " ")).length;

  const tell = () => {
    const count = length();
    const state = count > limit ? "over" : count > advised ? "long" : "fine";
    const left = limit - count;
    shown.dataset.state = state;
    shown.textContent = (left < 0 ? shown.dataset.over : shown.dataset.left).replace("%s", Math.abs(left));
    // Read out only when something changes for the writer, not at every letter.
    if (state !== before) said.textContent = before === "" && state === "fine" ? "" : shown.textContent;
    before = state;
  };
  field.addEventListener("input", tell);
  tell();
})();
