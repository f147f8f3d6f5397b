// Clocks of promises re-word themselves by the server's time: a phone's own clock may be wrong by minutes.
import { text } from "./page.js";

const MINUTE = 60_000, DAY = 24 * 60;

// What the server's clock said, and when that was on a clock that nobody sets.
let base = Date.now(), since = performance.now();

/** Ask the server for its time: the page was kept, or the phone has slept. Without a line its own clock must do. */
async function ask() {
  try {
    base = Date.parse((await fetch(import.meta.url, { method: "HEAD", cache: "no-store" })).headers.get("Date"));
  } catch {
    base = Date.now();
  }
  since = performance.now();
  tell();
}

/** Hours and minutes, from two days on days. */
function length(minutes) {
  if (minutes >= 2 * DAY) return text("days", Math.floor(minutes / DAY));
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Word every running clock of the page anew; those that have just come tell the server's time. */
function tell() {
  const clocks = [...document.querySelectorAll("time[data-due]")];
  const told = Math.max(0, ...clocks.map((clock) => Number(clock.dataset.due) * 1000));
  if (told) { base = told; since = performance.now(); }
  const now = base + performance.now() - since;
  clocks.forEach((clock) => {
    clock.dataset.due = "";
    const left = Date.parse(clock.dateTime) - now;
    clock.textContent = text(left < 0 ? "over" : "left", length(Math.floor(Math.abs(left) / MINUTE)));
    const chip = clock.closest(".chip");
    if (left < 0 && chip && !chip.classList.contains("bad")) {
      chip.classList.remove("active", "warning", "waiting");
      chip.classList.add("bad");
      const icon = chip.querySelector("use");
      icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, "#triangle-alert"));
    }
  });
}

tell();
document.addEventListener("htmx:afterSettle", tell);
setInterval(tell, 15_000);
document.addEventListener("visibilitychange", () => { if (!document.hidden && document.querySelector("time[data-due]")) ask(); });
if (performance.getEntriesByType("navigation")[0]?.transferSize === 0) ask(); // kept by the browser or by our worker
