// Autosave of <form data-draft="key" data-autosave-url data-version>: on the phone at once, on the server after a pause; back after a reload.
import { text, clock, csrf } from "./page.js";
import { saveDraft, loadDraft, dropDraft } from "./store.js";

const PAUSE = 1500;
const SKIP = "[type=password],[type=file],[type=submit],[data-no-draft],[name=csrfmiddlewaretoken],[name=op],[name=version]";

export function read(form) {
  const values = [];
  for (const field of form.elements) {
    if (!field.name || field.matches(SKIP) || field.disabled || field.tagName === "BUTTON") continue;
    if (["checkbox", "radio"].includes(field.type)) { if (field.checked) values.push([field.name, field.value]); }
    else if (field.multiple) for (const option of field.selectedOptions) values.push([field.name, option.value]);
    else values.push([field.name, field.value]);
  }
  return values;
}
function write(form, values) {
  const by = new Map();
  for (const [name, value] of values) by.set(name, [...(by.get(name) || []), value]);
  form.dispatchEvent(new CustomEvent("restoring", { detail: values })); // a form with lines makes those that are missing
  for (const field of form.elements) {
    if (!field.name || field.matches(SKIP) || field.tagName === "BUTTON") continue;
    const wanted = by.get(field.name) || [];
    if (["checkbox", "radio"].includes(field.type)) field.checked = wanted.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = wanted.includes(option.value);
    else if (wanted.length) field.value = wanted.shift();
    if (field.dataset.strokes !== undefined) field.dispatchEvent(new Event("restored", { bubbles: true }));
  }
  form.dispatchEvent(new Event("restored", { bubbles: true }));
}

export async function start(form) {
  const key = form.dataset.draft;
  const url = form.dataset.autosaveUrl;
  const original = JSON.stringify(read(form));
  let timer = null;
  let wait = 2000;
  let sending = false;
  let stale = false;
  let changes = 0;
  let away = false; // the server could not be reached: what is said to be on the phone is the latest that was typed
  let ready = false; // what the phone kept is back on the page: before that nothing is sent over it, and nothing is kept in its place

  function mark(state, words) {
    const marks = document.querySelectorAll("[data-saved]");
    marks.forEach((element) => { element.dataset.state = state; element.textContent = words; });
  }
  function setVersion(version) {
    if (version === undefined) return;
    form.dataset.version = version;
    if (form.elements.version) form.elements.version.value = version;
  }

  async function keep(unsent) {
    try {
      await saveDraft(key, { values: read(form), version: form.dataset.version || "", at: Date.now(), unsent });
      if (!url) mark("phone", text("savedAt", clock()));
    } catch { mark("failed", text("phoneFull")); }
  }
  async function send() {
    if (!ready) { later(100); return; }
    if (!url || sending || stale || form.dataset.sending || form.dataset.queued) return;
    sending = true;
    const sent = changes;
    mark("sending", text("saving"));
    const body = new FormData();
    for (const [name, value] of read(form)) body.append(name, value);
    body.append("version", form.dataset.version || "");
    try {
      const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrf(), Accept: "application/json" }, redirect: "manual" });
      if (answer.ok) await saved(await answer.json(), sent);
      else if (answer.status === 409) await conflict(await answer.text());
      else if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) mark("phone", text("sessionOver"));
      else if (answer.status < 500 && answer.status !== 429) mark("failed", (await answer.json().catch(() => ({}))).error || text("serverFault"));
      else again();
    } catch { again(); }
    sending = false;
  }
  async function saved(answer, sent) {
    wait = 2000;
    away = false;
    setVersion(answer.version);
    mark("saved", text("savedAt", clock(answer.saved_at || Date.now())));
    form.dispatchEvent(new CustomEvent("draft-saved", { detail: answer }));
    if (answer.partial) await keep(true); // something could not be read: what was typed stays here
    else if (sent === changes) await keep(false); // a page that is older than this may come back: the worker's, without a line
    else { await keep(true); later(PAUSE); }
  }
  function again() {
    away = true;
    mark("phone", text("onPhone"));
    later(wait);
    wait = Math.min(wait * 2, 30000);
  }
  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }
  /** Somebody else wrote: theirs and ours side by side, nothing overwritten; "use mine" sends over the version seen now. */
  async function conflict(html) {
    stale = true;
    mark("failed", "");
    const place = document.querySelector("[data-draft-conflict]") || form.parentElement.insertBefore(document.createElement("div"), form);
    place.setAttribute("data-draft-conflict", "");
    place.innerHTML = html;
    const mine = place.querySelector("[data-use-mine]");
    if (mine) {
      mine.hidden = false;
      mine.addEventListener("click", () => { setVersion(mine.dataset.version); stale = false; place.replaceChildren(); send(); });
    }
    place.querySelectorAll("a[href]").forEach((link) => link.addEventListener("click", () => dropDraft(key)));
    place.scrollIntoView({ block: "center" });
  }

  function changed() {
    const mine = (changes += 1);
    if (away) mark("phone", "");
    if (ready) keep(true).then(() => { if (away && mine === changes) mark("phone", text("onPhone")); });
    if (url) later(PAUSE);
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => { sessionStorage.setItem("draft-sent", key); clearTimeout(timer); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && changes) send(); });
  for (const name of ["online", "pageshow"]) window.addEventListener(name, () => loadDraft(key).then((draft) => { if (draft?.unsent && url) later(0); }));

  const draft = await loadDraft(key).catch(() => null);
  ready = true; // from here to the end nothing else runs in between
  if (!draft || JSON.stringify(draft.values) === original) return;
  if (form.querySelector("[aria-invalid=true]")) return; // the server just gave back what was typed
  if (url && !draft.unsent && Number(draft.version) <= Number(form.dataset.version)) { await dropDraft(key).catch(() => {}); return; }
  if (url) {
    setVersion(draft.version || undefined);
    write(form, draft.values);
    mark("phone", text("restored", clock(draft.at)));
    if (draft.unsent) { changes += 1; later(0); }
  } else offer(form, draft, original, key);
}

/** A form that is kept on the phone only asks before it fills itself: the entry may be an old one. */
function offer(form, draft, original, key) {
  const box = document.createElement("div");
  box.className = "note";
  box.setAttribute("role", "status");
  const words = document.createElement("div");
  words.textContent = text("restoreQuestion", clock(draft.at));
  box.append(words);
  const buttons = [["restore", () => write(form, draft.values)], ["discard", () => dropDraft(key)]];
  for (const [name, act] of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = text(name);
    button.addEventListener("click", () => { act(); box.remove(); });
    box.append(button);
  }
  form.before(box);
}
