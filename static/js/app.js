// Entry of every page: navigation, theme, shortcuts, double-press guard, toasts, dialogs, notices count; loads the other modules where their attributes appear.
import { text, toast, dialogs } from "./page.js";
import "./clock.js";

const modules = {
  "form[data-needs-line]": () => import("./handin.js"),
  "form[data-position]": () => import("./position.js"),
  "form[data-slip]": () => import("./slip.js"), // before draft.js: it makes the lines that a draft brings back
  "form[data-draft]": () => import("./draft.js"),
  "[data-offline]": () => import("./offline.js"),
  "[data-worker]": () => import("./worker.js"),
  "[data-kept-pages]": () => import("./kept.js"),
  "[data-photos]": () => import("./photo.js"),
  "[data-signature]": () => import("./sign.js"),
  "form[data-intake]": () => import("./intake.js"),
  "[data-combobox]": () => import("./combobox.js"),
  "form[data-count]": () => import("./count.js"),
  "[data-districts]": () => import("./districts.js"),
  "[data-keys]": () => import("./table.js"),
  "table[data-rows]": () => import("./table.js"),
};

const started = new WeakMap(); // element -> the selectors whose module runs on it; a form may ask for several

/** Start the modules that a piece of page asks for; each exports start(element). */
async function enhance(root) {
  const woken = new Set();
  for (const [selector, load] of Object.entries(modules)) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.push(root);
    const fresh = found.filter((element) => !started.get(element)?.has(selector));
    if (!fresh.length) continue;
    fresh.forEach((element) => { started.set(element, (started.get(element) || new Set()).add(selector)); element.dataset.started = "1"; });
    const module = await load();
    fresh.forEach((element) => { module.start(element); woken.add(element); });
  }
  woken.forEach((element) => { element.dataset.ready = "1"; });
  root.querySelectorAll("[data-copy], [data-fold], [data-dialog]").forEach((element) => { element.hidden = false; });
  root.querySelectorAll("[data-no-js]").forEach((element) => { element.hidden = true; });
  const summary = root.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}

// A page on which htmx has little to do brings it when somebody comes near a field of it; without a line, the next time.
function bringHtmx({ target }) {
  const later = document.querySelector("meta[name=htmx-later]");
  if (window.htmx || !later || !target.closest?.("[hx-get], [hx-post]")) return;
  const script = document.createElement("script");
  script.src = later.content;
  document.removeEventListener("focusin", bringHtmx);
  script.onerror = () => document.addEventListener("focusin", bringHtmx);
  document.head.append(script);
}
document.addEventListener("focusin", bringHtmx);

// A button that was pressed shows so at once and cannot send twice; coming back by the browser's button frees it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.hasAttribute("data-download") || (form.method === "get" && !form.hasAttribute("hx-post"))) return;
  if (form.dataset.sending) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  form.dataset.sending = "1";
  const button = event.submitter || form.querySelector("button:not([type=button])");
  if (button) { button.setAttribute("aria-busy", "true"); button.setAttribute("aria-disabled", "true"); }
}, true);
export function release(form) {
  delete form.dataset.sending;
  document.querySelectorAll("[aria-busy=true]").forEach((button) => {
    if (button.form === form || form === document) { button.removeAttribute("aria-busy"); button.removeAttribute("aria-disabled"); }
  });
}
window.addEventListener("pageshow", (event) => {
  if (event.persisted) { document.querySelectorAll("form[data-sending]").forEach(release); release(document); }
});
document.addEventListener("htmx:afterRequest", (event) => { if (event.target.matches?.("form")) release(event.target); });
document.addEventListener("htmx:sendError", (event) => { if (!event.target.closest?.("[data-poll]")) toast(text("noLine")); });
// What asks again by itself rests while nobody looks, and while somebody works in it.
document.addEventListener("htmx:beforeRequest", (event) => {
  const place = event.target.closest?.("[data-poll]");
  if (place && (document.hidden || place.contains(document.activeElement))) event.preventDefault();
});
document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status >= 500) toast(text("serverFault")); });
document.addEventListener("htmx:beforeSwap", (event) => {
  // a refused form (422) or a stale one (409) comes back as a fragment that belongs on the page
  if ([409, 422].includes(event.detail.xhr.status)) { event.detail.shouldSwap = true; event.detail.isError = false; }
});
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));

document.addEventListener("click", async (event) => {
  const hit = (selector) => event.target.closest(selector);
  let element;
  if ((element = hit("[data-copy]"))) copy(document.getElementById(element.dataset.copy));
  else if ((element = hit("[data-phrase]"))) phrase(document.getElementById(element.dataset.phrase), element.textContent.trim());
  else if ((element = hit("[data-now]")) && element.type === "button") now(document.getElementById(element.dataset.now));
  else if ((element = hit("[data-fold]"))) fold(element);
  else if ((element = hit("a[data-search]")) && !event.ctrlKey && !event.metaKey && document.getElementById("search")) { event.preventDefault(); dialogs.open("search"); }
  else if ((element = hit("[data-show-toast]"))) toast(element.dataset.showToast);
  else if ((element = hit("[data-error-summary] a"))) { event.preventDefault(); jump(element.hash.slice(1)); }
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});

async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    toast(text("copied"));
  } catch {
    getSelection().selectAllChildren(source); // plain http or an old web view: the text stands selected
    toast(document.execCommand("copy") ? text("copied") : text("copyByHand"));
  }
}
function phrase(field, words) {
  field.value = field.value.trim() ? `${field.value.trim()},${words}`.replace(",,", ",") : words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}
function now(field) {
  const here = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString();
  field.value = field.type === "date" ? here.slice(0, 10) : here.slice(0, 16);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
function fold(button) {
  const root = document.documentElement;
  const folded = root.dataset.nav !== "collapsed";
  if (folded) root.dataset.nav = "collapsed"; else delete root.dataset.nav;
  button.setAttribute("aria-expanded", String(!folded));
  document.cookie = `nav=${folded ? "collapsed" : "open"};path=/;max-age=31536000;samesite=lax`;
}
function jump(id) {
  const place = document.getElementById(id);
  const field = place?.matches("input,select,textarea") ? place : place?.querySelector("input,select,textarea,button");
  (field || place)?.focus();
  (field || place)?.scrollIntoView({ block: "center" });
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input,select,textarea,[contenteditable]");
  if (event.key === "Escape") {
    const menu = document.querySelector("details[data-menu][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && typing?.form) { event.preventDefault(); typing.form.requestSubmit(); }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && document.getElementById("search")) { event.preventDefault(); dialogs.open("search"); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "?") dialogs.open("shortcuts");
  else if (event.key === "/") { event.preventDefault(); const here = document.querySelector("main [type=search]"); if (here) here.focus(); else dialogs.open("search"); }
  else document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)?.click();
});

// Notices: often while somebody looks, seldom otherwise.
async function poll() {
  const url = document.body.dataset.unreadUrl;
  if (!url) return;
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
    if (answer.ok) {
      const count = document.getElementById("unread");
      const { unread } = await answer.json();
      count.textContent = unread || "";
      count.hidden = !unread;
    }
  } catch { /* the next round tries again */ }
  setTimeout(poll, document.visibilityState === "visible" ? 5000 : 60000);
}

// The page "back in a moment" comes back by itself as soon as the server answers.
async function back() {
  const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer && answer.status < 500) location.reload(); else setTimeout(back, 10000);
}
if (document.querySelector("[data-come-back]")) setTimeout(back, 10000);

const success = document.querySelector("[data-toast]");
if (success) { toast(success.textContent.trim()); success.hidden = true; }
enhance(document);
setTimeout(poll, 5000);
if (document.body.dataset.user || document.querySelector("[data-photos], [data-draft]")) import("./queue.js").then((queue) => queue.begin());
