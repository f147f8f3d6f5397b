// Forms that need a line (data-needs-line): before they are sent the photos under way have arrived and the server answers; else all stays here and the page says so.
import { shrinking } from "./photo.js";
import { listen, outbox, retry } from "./queue.js";

const ANSWER = 5000; // ms for the server to say that it is there
const PHOTOS = 60000; // ms for photos that are on their way

async function line() {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ANSWER);
  try { return (await fetch("/healthz", { cache: "no-store", signal: stop.signal })).ok; } catch { return false; } finally { clearTimeout(timer); }
}

const waiting = (target) => outbox().then((rows) => rows.filter((row) => row.target === target && row.state !== "refused").length).catch(() => 0);

/** Resolves to true when no photo of this form is under way any more, to false when they do not get through. */
async function photos(target, begun) {
  await Promise.allSettled(shrinking);
  if (!(await waiting(target))) return true;
  begun();
  retry();
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), PHOTOS);
    listen(async ({ kind, final }) => {
      if (kind === "failed" && !final) { clearTimeout(late); resolve(false); }
      else if (["sent", "failed", "removed"].includes(kind) && !(await waiting(target))) { clearTimeout(late); resolve(true); }
    });
  });
}

export function start(form) {
  const note = document.createElement("div");
  let cleared = false;
  note.setAttribute("role", "alert");
  form.before(note);

  function say(words, kind) {
    note.replaceChildren();
    note.className = words ? `note ${kind}` : "";
    note.textContent = words;
    if (words) note.scrollIntoView({ block: "center" });
  }
  function busy(button, state) {
    if (!button) return;
    if (state) { button.setAttribute("aria-busy", "true"); button.setAttribute("aria-disabled", "true"); } else { button.removeAttribute("aria-busy"); button.removeAttribute("aria-disabled"); }
  }

  window.addEventListener("submit", async (event) => {
    if (event.target !== form || cleared) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.checking) return;
    form.dataset.checking = "1";
    const button = event.submitter;
    busy(button, true);
    say("");
    const through = (await line()) && (await photos(form.dataset.photosOf || form.dataset.draft, () => say(form.dataset.sendingPhotos || "", "")));
    delete form.dataset.checking;
    busy(button, false);
    if (!through) {
      const section = "elseOffline" in form.dataset && document.querySelector("[data-offline]");
      if (section) section.dispatchEvent(new Event("offline-check")); else say(form.dataset.needsLine, "warning");
      return;
    }
    cleared = true;
    form.requestSubmit(button?.form === form ? button : undefined);
    cleared = false;
  }, true);
}
