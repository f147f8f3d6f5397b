// What must survive a lost line and a closed page: the outbox of photos and signed slips, sent one by one.
// Whether there is a line is judged by the last answer; navigator.onLine lies (ui.md 7).
import { text, csrf, dialogs, toast } from "./page.js";
import { drafts, dropDraft, randomKey, run, user } from "./store.js";

const listeners = new Set();
let timer = null;
let wait = 2000;
let working = false;
let again = false;
let leaving = false;

/** Everything of this user that has not arrived yet, oldest first. */
export async function outbox() {
  const rows = await run("outbox", "readonly", (all) => all.index("user").getAll(user()));
  return rows.sort((one, other) => Boolean(one.after) - Boolean(other.after) || one.added - other.added);
}
/** Put something in; item: url, target, fields (pairs, or slot, source, …), and of a photo bytes, type, name. after: it waits until
 * everything of that target has arrived (a signed slip for its photos). Rejects when the phone is full. */
export async function add(item) {
  const row = { ...item, op: randomKey(), user: user(), added: Date.now(), state: "waiting", tries: 0 };
  await run("outbox", "readwrite", (all) => all.add(row));
  tell({ kind: "added", item: row });
  soon(0);
  return row;
}
export async function remove(op) {
  await run("outbox", "readwrite", (all) => all.delete(op));
  tell({ kind: "removed", op });
}
export function retry() {
  wait = 2000;
  return outbox().then((rows) => Promise.all(rows.filter((row) => row.state !== "waiting").map((row) => keep({ ...row, state: "waiting" })))).then(() => soon(0));
}
const keep = (row) => run("outbox", "readwrite", (all) => all.put(row));

/** Hear of what happens: {kind: added|progress|sent|failed|removed, item, share, answer, error}. */
export function listen(hear) {
  listeners.add(hear);
}
function tell(news) {
  listeners.forEach((hear) => hear(news));
  badge();
}
async function badge() {
  const mark = document.getElementById("outbox");
  const count = (await outbox()).length;
  leaving = count > 0;
  if (!mark) return;
  mark.hidden = !count;
  mark.querySelector("span").textContent = text("waiting", count);
}

function soon(delay) {
  clearTimeout(timer);
  timer = setTimeout(flush, delay);
}
async function flush() {
  if (working) { again = true; return; } // a photo that came in while another one is on its way
  working = true;
  again = false;
  try {
    const rows = await outbox();
    const longest = rows.some((row) => row.after) && document.visibilityState === "visible" ? 3000 : 30000; // a signed slip is waited for
    let held = 0; // when the next one that another tab has in hand is free, if that tab is gone
    for (const row of rows) {
      if (row.state === "refused" || (row.after && (await outbox()).some((other) => other.target === row.after))) continue;
      const free = row.claimed && row.claimedBy !== tab ? row.claimed + CLAIM : 0;
      if (free > Date.now()) { held = Math.min(held || free, free); continue; }
      await keep({ ...row, claimed: Date.now(), claimedBy: tab });
      const result = await send(row);
      if (result.sent) {
        wait = 2000;
        await run("outbox", "readwrite", (all) => all.delete(row.op));
        tell({ kind: "sent", item: row, answer: result.answer });
        continue;
      }
      await keep({ ...row, claimed: 0, tries: row.tries + 1, state: result.final ? "refused" : "waiting", error: result.error });
      tell({ kind: "failed", item: row, error: result.error, final: result.final });
      if (!result.final) { soon(wait); wait = Math.min(wait * 2, longest); return; }
    }
    if (again) soon(0);
    else if (held) soon(held - Date.now());
  } catch { soon(wait); } finally { working = false; }
}
/** This tab, also after a reload: what it had in hand then is its own, and goes at once. */
const tab = (() => {
  try {
    const known = sessionStorage.getItem("tab") || randomKey();
    sessionStorage.setItem("tab", known);
    return known;
  } catch { return randomKey(); }
})();
const CLAIM = 60000; // ms that a tab which does not answer keeps a row for itself

/** One upload with progress. 2xx sent; 4xx is the server's word and final, except a lost session or a full house; all else is tried again. */
function send(row) {
  return new Promise((resolve) => {
    const body = new FormData();
    body.append("op", row.op);
    for (const [name, value] of Array.isArray(row.fields) ? row.fields : Object.entries(row.fields)) body.append(name, value ?? "");
    if (row.bytes) body.append("photo", new Blob([row.bytes], { type: row.type }), row.name);
    const request = new XMLHttpRequest();
    request.open("POST", row.url);
    request.timeout = 120000;
    request.setRequestHeader("X-CSRFToken", csrf());
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => { if (event.lengthComputable) tell({ kind: "progress", item: row, share: event.loaded / event.total }); };
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* a page, not an answer */ }
      const elsewhere = request.responseURL && new URL(request.responseURL).pathname !== new URL(row.url, location).pathname;
      if (request.status < 300 && !elsewhere) resolve({ sent: true, answer });
      else if (elsewhere || [401, 403].includes(request.status)) resolve({ error: text("sessionOver") });
      else if (request.status >= 500 || [408, 425, 429].includes(request.status)) resolve({ error: text("photoWaiting") });
      else resolve({ final: true, error: answer.error || answer.message || text("photoFailed") });
    };
    request.onerror = request.ontimeout = request.onabort = () => resolve({ error: text("onPhone") });
    request.send(body);
  });
}

/** Pages kept for somebody else go at once; without `mine` all go. */
export async function forgetPages(mine = "") {
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) if (name.startsWith("pages:") && name !== `pages:${mine}`) await caches.delete(name);
}

/** Sign-out takes everything of this user off the phone, after a question when something has not arrived. */
async function signOut(event) {
  const form = event.target;
  if (!form.matches("[data-sign-out]") || form.dataset.cleared) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const rows = await outbox().catch(() => []);
  const unsent = (await drafts().catch(() => [])).filter((draft) => draft.unsent);
  const left = rows.length + unsent.length;
  if (left && !(await dialogs.ask(text("signOutQuestion", left), text("signOut"), text("cancel")))) return;
  await run("outbox", "readwrite", (all) => { rows.forEach((row) => all.delete(row.op)); }).catch(() => {});
  const mine = await drafts().catch(() => []);
  await run("drafts", "readwrite", (all) => { mine.forEach((draft) => all.delete([draft.user, draft.key])); }).catch(() => {});
  await forgetPages().catch(() => {});
  leaving = false;
  form.dataset.cleared = "1";
  form.requestSubmit(event.submitter);
}

/** Called once by app.js: badge, retries, warning before leaving, end of a sent draft, sign-out. */
export function begin() {
  window.addEventListener("submit", signOut, true);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") soon(0); });
  for (const name of ["online", "pageshow", "focus"]) window.addEventListener(name, () => soon(0));
  let inside = false; // a way inside the portal loses nothing
  document.addEventListener("click", (event) => { if (event.target.closest("a[href], button")) { inside = true; setTimeout(() => { inside = false; }, 3000); } }, true);
  window.addEventListener("beforeunload", (event) => { if (leaving && !inside) event.preventDefault(); });
  if (user() !== "public" || document.body.dataset.frame === "account") forgetPages(user()).catch(() => {});
  listen(({ kind, item, answer }) => { if (kind === "sent" && item.after) toast(answer.lapsed || text("slipSent", answer.number)); });
  settle().catch(() => {});
  badge().catch(() => {});
  soon(0);
}

// A draft is done when its form was sent and the next page is not that form (nor an error page, nor the sign-in).
async function settle() {
  const key = sessionStorage.getItem("draft-sent");
  if (!key) return;
  sessionStorage.removeItem("draft-sent");
  const frame = document.body.dataset.frame;
  if (frame === "error" || frame === "account" || document.querySelector(`form[data-draft="${CSS.escape(key)}"]`)) return;
  await dropDraft(key);
}
