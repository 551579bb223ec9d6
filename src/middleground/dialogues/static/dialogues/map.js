// When the map is renewed, nothing moves under the reader: what is open stays open, the same link
// keeps the focus (htmx sees to that by its id), and what they were reading stays where it was.

(() => {
  let kept = null;

  const body = () => document.getElementById("map-body");

  // What has the focus, if it is in sight; else the first thing below the window's upper edge.
  function beingRead() {
    const inSight = (one) => {
      const { top, bottom, height } = one.getBoundingClientRect();
      return height > 0 && top >= 0 && bottom <= window.innerHeight;
    };
    const focused = document.activeElement;
    if (focused?.id && body().contains(focused) && inSight(focused)) return focused;
    return [...body().querySelectorAll("[id]")].find(inSight);
  }

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== body()) return;
    const mark = beingRead();
    kept = {
      open: [...body().querySelectorAll("details[open]")].map((one) => one.id),
      mark: mark?.id,
      top: mark?.getBoundingClientRect().top,
    };
  });

  // Twice: at once, so that nothing is seen to jump, and when htmx has settled the attributes.
  for (const moment of ["htmx:afterSwap", "htmx:afterSettle"]) {
    document.body.addEventListener(moment, () => {
      if (!kept) return;
      for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
      const mark = kept.mark && document.getElementById(kept.mark);
      if (mark) window.scrollBy(0, mark.getBoundingClientRect().top - kept.top);
      if (moment === "htmx:afterSettle") kept = null;
    });
  }
})();
