// Puts a button beside each reference that copies it. Without this script the fields can be
// selected and copied by hand.

(() => {
  const { label, done } = document.currentScript.dataset;
  if (!navigator.clipboard) return; // only over https, or on this machine

  for (const source of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button-quiet button-small";
    button.setAttribute("aria-live", "polite");
    const name = source.labels?.[0]?.textContent ?? source.getAttribute("aria-label");
    const say = (text) => {
      button.textContent = text;
      if (name) button.setAttribute("aria-label", `${text}: ${name}`);
    };
    say(label);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
      } catch {
        source.select?.(); // the browser allows no script to copy
        return;
      }
      say(done);
      setTimeout(() => say(label), 3_000);
    });
    source.after(button);
  }
})();
