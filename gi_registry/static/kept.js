// Keeps on this device what is typed into <form data-keep>, until it went through (page.js): a dropped connection, a closed
// window or an empty battery lose nothing. Never files or passwords. `data-keep="fresh"` on a form that nobody answered yet.

const KEPT = "typed:";
const KEPT_DAYS = 7;
const NEVER = ["hidden", "file", "password", "submit", "button"];

const key = KEPT + location.pathname + location.search;
const questions = (form) => [...form.elements].filter((field) => field.name && !NEVER.includes(field.type));
const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

function keep(form) {
  const typed = questions(form).map((field) => ({ name: field.name, value: field.value, chosen: isChoice(field) ? field.checked : null }));
  localStorage.setItem(key, JSON.stringify({ at: Date.now(), typed }));
}

function putBack(form, typed) {
  for (const { name, value, chosen } of typed) {
    const field = questions(form).find((each) => each.name === name && (chosen === null || each.value === value));
    if (!field) continue;
    if (chosen === null) field.value = value;
    else field.checked = chosen;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function read(name) {
  try {
    const kept = JSON.parse(localStorage.getItem(name));
    return Date.now() - kept.at < KEPT_DAYS * 86_400_000 ? kept.typed : null;
  } catch {
    return null; // not ours, or cut off: as if nothing were kept
  }
}

for (const name of Object.keys(localStorage)) if (name.startsWith(KEPT) && !read(name)) localStorage.removeItem(name);
for (const form of document.querySelectorAll("form[data-keep]")) {
  const typed = form.dataset.keep === "fresh" ? read(key) : null;
  if (typed) {
    putBack(form, typed);
    const told = form.querySelector("[data-kept]");
    told.hidden = false;
    told.querySelector("button").addEventListener("click", () => {
      localStorage.removeItem(key);
      location.reload();
    });
  }
  form.addEventListener("input", () => keep(form));
}
