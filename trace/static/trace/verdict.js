// Counts this check once the page is really seen: a preview robot that only fetches the page must not count as a person.
const box = document.getElementById("seen");

async function count() {
  const answer = await fetch(box.dataset.url, {
    method: "POST",
    headers: { Accept: "application/json" },
    credentials: "omit",
    keepalive: true,
  });
  if (!answer.ok) return;
  const { count: checks, is_new: isNew } = await answer.json();
  if (!checks) return;
  box.querySelector("p").textContent = (isNew ? box.dataset.new : box.dataset.again).replace("#", checks);
  box.querySelector("form").hidden = true;
}

function whenSeen() {
  if (document.visibilityState !== "visible") return;
  document.removeEventListener("visibilitychange", whenSeen);
  count().catch(() => {}); // offline: the button stays
}

if (box) {
  document.addEventListener("visibilitychange", whenSeen);
  whenSeen();
}
