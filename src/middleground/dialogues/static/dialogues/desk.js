// Keys for the moderation queue: J next, K previous, A approve, R reason, M merge.
// Without this script everything works by buttons.
(() => {
  const items = [...document.querySelectorAll("[data-item]")];
  // After a decision the address names the statement that comes next; where a reason is missing,
  // its field has the focus already.
  let here = items.findIndex((item) => item.contains(document.activeElement));
  if (here < 0) here = items.findIndex((item) => `#${item.id}` === location.hash);

  const go = (place) => {
    here = Math.max(0, Math.min(items.length - 1, place));
    items[here].focus();
    items[here].scrollIntoView({ block: "nearest" });
  };

  if (here >= 0 && !items[here].contains(document.activeElement)) go(here);

  // The letter of a key. Where the keyboard writes another script, or an input method takes the key,
  // it is the letter in the same place of a Latin keyboard. An accented letter or a sign is neither.
  const letter = (event) => {
    if (event.isComposing) return "";
    if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
    const other = event.key === "Process" || /^(?!\p{Script=Latin})\p{Letter}+$/u.test(event.key);
    return other && /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : "";
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !items.length) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    const focused = items.indexOf(event.target.closest("[data-item]"));
    if (focused >= 0) here = focused;
    const key = letter(event);
    if (key === "j") go(here + 1);
    else if (key === "k") go(here - 1);
    else if (key && "arm".includes(key) && here >= 0) {
      const part = items[here].querySelector(`[data-key="${key}"]`);
      if (!part) return;
      if (key === "r") part.focus();
      else part.click();
    } else return;
    event.preventDefault();
  });
})();
