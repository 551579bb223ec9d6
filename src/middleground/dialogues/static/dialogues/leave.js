// Leaves the page at once, and leaves another page in its place in the history of this tab, so that
// "back" does not show it again. Without this script the same link is a plain link.

(() => {
  const link = document.querySelector("[data-leave]");
  if (!link) return;

  function leave() {
    // The other page may be slow to come.
    document.title = "\u2026";
    document.body.hidden = true;
    location.replace(link.href);
  }

  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // it is opened beside this page
    event.preventDefault();
    leave();
  });

  // Three times Escape within three seconds, where there is a keyboard. Escape is no letter, and one
  // alone does what it always does.
  if (!matchMedia("(hover: hover)").matches) return;
  let pressed = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) {
      if (!event.repeat) pressed = [];
      return;
    }
    pressed = [...pressed.filter((at) => event.timeStamp - at < 3_000), event.timeStamp];
    if (pressed.length === 3) leave();
  });
})();
