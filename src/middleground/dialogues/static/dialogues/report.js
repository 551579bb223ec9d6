// The button that opens the browser's own window for printing. Without JavaScript the page says where it is.

(() => {
  const button = document.getElementById("print");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
})();
