// The picker and the field of the colour show the same.
const typed = document.getElementById("id_accent");
const picker = document.getElementById("picked");

picker.addEventListener("input", () => { typed.value = picker.value; });
typed.addEventListener("input", () => {
  if (/^#[0-9a-f]{6}$/i.test(typed.value)) picker.value = typed.value;
});
