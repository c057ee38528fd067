// A page about work that goes on elsewhere asks for itself anew until the work has ended. Without script there is a link.
const WAIT_MS = 2000;

async function again() {
  const live = document.querySelector('[data-live="open"]');
  if (!live) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
      const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
      if (fresh) {
        const bar = live.querySelector("progress"), next = fresh.querySelector("progress");
        // Replacing all of it each time would take the focus from whoever is reading.
        if (fresh.dataset.live === "open" && bar && next && fresh.querySelectorAll("a").length === live.querySelectorAll("a").length) {
          bar.parentElement.replaceWith(next.parentElement);
        } else location.reload();
      }
    } catch { /* the line is down: the next round asks again */ }
  }
  setTimeout(again, WAIT_MS);
}

setTimeout(again, WAIT_MS);
