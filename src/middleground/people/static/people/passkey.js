// Shows on the page why a passkey did not work; otherwise the reason is only in the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const text = document.querySelector("[data-passkey-failed]")?.dataset.passkeyFailed;
  if (!text) return;
  let place = document.getElementById("passkey-failed");
  if (!place) {
    place = document.createElement("p");
    place.id = "passkey-failed";
    place.className = "message message-error";
    place.setAttribute("role", "alert");
    document.querySelector("main h1").after(place);
  }
  place.textContent = text;
});
