// Lets the votes of somebody who came without a code count: a worker solves the challenge while
// they read, and the solution is sent once they have voted. If it cannot be, the page shows the way
// by waiting, which needs no script.

(() => {
  const place = document.querySelector("[data-confirm]");
  if (!place) return;
  let solution = null;
  let voted = place.dataset.voted === "yes";
  let sending = false;
  let gaveUp = false;

  function giveUp() {
    gaveUp = true;
    place.hidden = !voted; // it speaks of votes
  }

  async function send() {
    if (!solution || !voted || sending) return;
    sending = true;
    try {
      const body = new URLSearchParams({ solution });
      const answer = await fetch(place.dataset.address, { method: "POST", body });
      if (answer.status === 204) {
        place.remove();
      } else if (answer.status !== 409) {
        giveUp();
      }
    } catch {
      // No connection: it is sent with the next vote.
    }
    sending = false;
  }

  document.body.addEventListener("htmx:afterRequest", (event) => {
    // Not event.detail.elt: the card was swapped, so that is what stands around it.
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

  // Not before the card can be used.
  if (document.readyState === "complete") solve();
  else window.addEventListener("load", solve);
})();
