// Confirms a participant who has no code: a worker solves the challenge while they read, and the
// solution is sent after their first vote. If that fails, the page offers to wait instead, which
// needs no script.

(() => {
  const place = document.querySelector("[data-confirm]");
  if (!place) return;
  let solution = null;
  let voted = place.dataset.voted === "yes";
  let sending = false;
  let gaveUp = false;

  // What a card says while its votes do not count yet.
  function tell() {
    const told = document.querySelectorAll("[data-until-confirmed]");
    for (const each of told) each.hidden = !place.isConnected;
    // Once is enough. Its text is about votes.
    place.hidden = !gaveUp || !voted || told.length > 0;
  }
  document.body.addEventListener("htmx:afterSwap", tell);

  function giveUp() {
    gaveUp = true;
    tell();
  }

  async function send() {
    if (!solution || !voted || sending) return;
    sending = true;
    try {
      const body = new URLSearchParams({ solution });
      const answer = await fetch(place.dataset.address, { method: "POST", body });
      if (answer.status === 204) {
        place.remove();
        tell();
      } else if (answer.status !== 409) {
        giveUp();
      }
    } catch {
      // No connection: the solution is sent with the next vote.
    }
    sending = false;
  }

  document.body.addEventListener("htmx:afterRequest", (event) => {
    // Not event.detail.elt: after the swap that is the element around the card.
    const form = event.detail.requestConfig.elt;
    if (!event.detail.successful || !form.matches("[data-vote-form]")) return;
    voted = true;
    if (gaveUp) giveUp();
    send();
  });

  function solve() {
    if (!window.Worker || !window.crypto?.subtle) return giveUp();
    const worker = new Worker(place.dataset.worker);
    worker.onerror = giveUp;
    worker.onmessage = (event) => {
      solution = event.data;
      worker.terminate();
      send();
    };
    worker.postMessage(JSON.parse(place.dataset.challenge));
  }

  // Start only when the card can be used.
  if (document.readyState === "complete") solve();
  else window.addEventListener("load", solve);
})();
