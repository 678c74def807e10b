// Counts down between two looks at the server, and looks once a second: what
// is marked data-live is replaced, so that a form half filled in stays.
const speed = Number(document.currentScript.dataset.speed);
let seen = performance.now();

function count() {
  for (const e of document.querySelectorAll("[data-left]")) {
    const gone = e.dataset.ticking === "true" ? (performance.now() - seen) * speed : 0;
    const left = Number(e.dataset.left) - gone, s = Math.floor(Math.abs(left) / 1000);
    const two = (n) => String(n).padStart(2, "0");
    const text = (left < 0 ? "+" : "") + [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60].map(two).join(":");
    if (e.textContent !== text) e.textContent = text;
    e.classList.toggle("late", left < 0);
  }
}

async function look() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of document.querySelectorAll("[data-live]")) {
      const next = fresh.getElementById(old.id);
      if (!next || next.innerHTML === old.dataset.was) continue;
      const was = next.innerHTML;
      for (const d of old.querySelectorAll("details")) {
        const same = next.querySelector("#" + CSS.escape(d.id));
        if (same) same.open = d.open;
      }
      old.innerHTML = next.innerHTML;
      old.dataset.was = was;
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
