// A printed code's address ends in #CODE. What follows # is never sent to a server, so it stands in
// no log; here it goes into the form, and out of the address and the history.

(() => {
  const field = document.querySelector("[data-code-form] [name=code]");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!field || !/^[0-9A-Za-z-]{8,24}$/.test(code)) return;
  history.replaceState(null, "", location.pathname + location.search);
  field.value = code;
  field.form.querySelector("button[type=submit]").focus();
})();
