// The few touches every page may use. Each page is complete without them.

// A list of faults takes the focus, so that a screen reader starts there after a refused form.
document.querySelector("[data-focus]")?.focus();

// A form goes out once: a second press while the first is under way does nothing.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
});

// Copy buttons: <button data-copy="text" data-copied="已复制">.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// What went through need not be kept on this device any longer (kept.js): the server names the page that asked for it.
const KEPT = "typed:";
const went = document.cookie.split("; ").find((pair) => pair.startsWith("gi_went_through="));
if (went) {
  localStorage.removeItem(KEPT + decodeURIComponent(went.split("=")[1]));
  document.cookie = "gi_went_through=; path=/; max-age=0; samesite=lax";
}
// A shared device keeps nothing of whoever signed out.
document.querySelector("form[data-signs-out]")?.addEventListener("submit", () => {
  for (const key of Object.keys(localStorage)) if (key.startsWith(KEPT)) localStorage.removeItem(key);
});
