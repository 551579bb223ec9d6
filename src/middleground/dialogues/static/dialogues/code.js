// A printed address ends in #CODE. Browsers never send what follows #, so no log holds it. This
// script moves the code into the form and removes it from the address and the history.

(() => {
  const field = document.querySelector("[data-code-form] .code-input");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!field || !/^[0-9A-Za-z-]{8,24}$/.test(code)) return;
  history.replaceState(null, "", location.pathname + location.search);
  field.value = code;
  field.form.querySelector("button[type=submit]").focus();
})();
