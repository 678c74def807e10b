// Counts down between two looks at the server, and looks once a second: what
// is marked data-live is replaced, so that a form half filled in stays.
let seen = performance.now();

function count() {
  for (const e of document.querySelectorAll("[data-left]")) {
    const ticking = e.dataset.ticking === "true";
    const left = e.dataset.left - (ticking ? performance.now() - seen : 0), s = Math.floor(Math.abs(left) / 1000);
    const text = [s / 3600, s / 60 % 60, s % 60].map((n) => String(Math.floor(n)).padStart(2, "0")).join(":");
    e.textContent = (left < 0 ? "+" : "") + text;
    e.classList.toggle("late", left < 0);
    e.classList.toggle("still", !ticking);
  }
}

async function look() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of document.querySelectorAll("[data-live]")) {
      const next = fresh.getElementById(old.id);
      for (const d of old.querySelectorAll("details")) {
        const same = fresh.getElementById(d.id);
        if (same) same.open = d.open;
      }
      old.replaceWith(next);
    }
    seen = performance.now();
    document.body.classList.remove("away");
  } catch {
    document.body.classList.add("away");
  }
  count();
}

count();
setInterval(count, 200);
setInterval(look, 1000);
