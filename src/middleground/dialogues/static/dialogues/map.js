// Keeps the page still when the map is replaced: open details stay open, the same link keeps the
// focus (htmx finds it by its id), and the text that is being read keeps its place.

(() => {
  let kept = null;

  const body = () => document.getElementById("map-body");

  // The focused element if it is visible, else the first element below the window's upper edge.
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

  // Twice: immediately, so that nothing jumps visibly, and after htmx has settled the attributes.
  for (const moment of ["htmx:afterSwap", "htmx:afterSettle"]) {
    document.body.addEventListener(moment, (event) => {
      // The question whether there is a newer map settles, too, and may do so in between.
      if (!kept || event.detail.target?.id !== body().id) return;
      for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
      const mark = kept.mark && document.getElementById(kept.mark);
      if (mark) window.scrollBy(0, mark.getBoundingClientRect().top - kept.top);
      if (moment === "htmx:afterSettle") kept = null;
    });
  }
})();
