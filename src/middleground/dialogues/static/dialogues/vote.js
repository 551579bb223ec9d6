// Voting with htmx: keys, the focus after a swap, and messages about votes that were not stored.
// Without this script the same forms work as plain forms.

(() => {
  const FORMS = "[data-vote-form], [data-undo-form]";
  const PATIENCE = 20_000; // milliseconds; a connection that hangs must not block the page
  const card = () => document.querySelector("[data-vote-card]");

  for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;

  // The letters can be turned off, because speech input and slips of the hand press them, too. Where
  // their switch is not shown, as on a telephone, they are off (WCAG 2.1.4). That they were turned off
  // holds on other pages of this tab, and is gone when it is closed.
  const LETTERS_OFF = "letter-keys-off";
  const lettersSwitch = document.querySelector("[data-keys-switch]");
  let lettersOn = matchMedia("(hover: hover)").matches;
  const turn = () => {
    lettersOn = !lettersOn;
    const shown = lettersSwitch.textContent;
    lettersSwitch.textContent = lettersSwitch.dataset.on;
    lettersSwitch.dataset.on = shown;
  };
  const ofThisTab = (act) => {
    try {
      return act(sessionStorage);
    } catch {
      return null; // a browser that keeps nothing for sites
    }
  };
  if (lettersSwitch && lettersOn && ofThisTab((kept) => kept.getItem(LETTERS_OFF))) turn();
  lettersSwitch?.addEventListener("click", () => {
    turn();
    ofThisTab((kept) => (lettersOn ? kept.removeItem(LETTERS_OFF) : kept.setItem(LETTERS_OFF, "1")));
  });

  // The letter of a key. Where the keyboard writes another script, or an input method takes the key,
  // it is the letter in the same place of a Latin keyboard. An accented letter or a sign is neither.
  const letter = (event) => {
    if (event.isComposing) return "";
    if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
    const other = event.key === "Process" || /^(?!\p{Script=Latin})\p{Letter}+$/u.test(event.key);
    return other && /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : "";
  };

  // A, D, P and U press the button with that letter, except while somebody types.
  document.addEventListener("keydown", (event) => {
    if (!lettersOn) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input:not([type=hidden]), textarea, select, [contenteditable]")) return;
    const key = letter(event);
    const button = key && card()?.querySelector(`button[data-key="${key}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  // Ignore the second click of a double click: it would vote on the next, unread statement.
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest("button[type=submit]")?.closest(FORMS)) {
      event.preventDefault();
    }
  });

  document.body.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.closest(FORMS)) return;
    event.detail.timeout = PATIENCE;
    event.detail.parameters.nonce = nonce();
  });

  // This device adds its own random number to the vote's entry in the public log, so that the
  // server cannot give two participants the same entry.
  function nonce() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // Only one vote is sent at a time; its buttons are disabled until the server answers.
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt.closest(FORMS);
    if (!form) return;
    for (const button of form.querySelectorAll(".vote-sent")) button.classList.remove("vote-sent");
    const sent = event.detail.requestConfig.triggeringEvent?.submitter;
    if (sent) sent.classList.add("vote-sent");
    form.dataset.sent = sent?.value ?? "";
    clear(form);
  });

  // The next card is announced and gets the focus, so that keyboard users keep their place.
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "card") {
      card()?.querySelector("#card-text")?.focus(); // scrolls only if it is out of sight
    }
  });

  // A refusal is shown below the buttons; the card stays unchanged.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    const form = requestConfig.elt.closest(FORMS); // the event's element is the one that is swapped
    if (!form) return;
    if (xhr.status < 400) {
      // Ignore a response without our card, such as the sign-in page of a wireless network.
      event.detail.shouldSwap = /data-vote-(card|form)/.test(xhr.responseText);
      if (!event.detail.shouldSwap) tellNotStored(form);
      return;
    }
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const message = page.querySelector("body > .message");
    if (!message) return tellNotStored(form); // for example a proxy's error page
    const place = troublePlace(form);
    place.replaceChildren(message);
    if (xhr.status >= 500) offerAgain(form, place);
  });

  for (const failure of ["htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(failure, (event) => {
      const form = event.detail.elt.closest(FORMS);
      if (form) tellNotStored(form);
    });
  }

  function tellNotStored(form) {
    const place = troublePlace(form);
    const note = document.createElement("p");
    note.className = "message message-warning";
    note.textContent = document.querySelector("[data-offline-text]").content.textContent.trim();
    place.replaceChildren(note);
    offerAgain(form, place);
  }

  function troublePlace(form) {
    let place = form.parentElement.querySelector("[data-trouble]");
    if (!place) {
      place = document.createElement("div");
      place.dataset.trouble = "";
      place.setAttribute("role", "alert");
      form.after(place);
    }
    return place;
  }

  function clear(form) {
    form.parentElement.querySelector("[data-trouble]")?.replaceChildren();
  }

  // Send the same vote again: the server counts it once, however often it arrives.
  function offerAgain(form, place) {
    const value = form.dataset.sent;
    const original = value && form.querySelector(`button[value="${CSS.escape(value)}"]`);
    if (!original) return;
    const again = document.createElement("button");
    again.type = "button";
    again.dataset.sendAgain = "";
    again.textContent = document.querySelector("[data-again-text]").content.textContent.trim();
    again.addEventListener("click", () => original.click());
    place.append(again);
    again.focus();
  }
})();
