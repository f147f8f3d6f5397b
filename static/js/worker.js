// The service worker makes a reload work without signal, no more: drafts and queue live in IndexedDB with or without it (domain.md 18.1).
import { user } from "./store.js";

export async function start(element) {
  if (!("serviceWorker" in navigator)) { // plain http, or an old web view
    const note = element.querySelector("[data-no-worker]");
    if (note) note.hidden = false;
    return;
  }
  try { await install(element); } catch { /* no line, or the browser refuses: the page works without */ }
}

async function install(element) {
  const before = navigator.serviceWorker.controller;
  await navigator.serviceWorker.register(element.dataset.worker, { scope: "/" });
  await navigator.serviceWorker.ready;
  const page = element.dataset.keep; // not location: a form sent back with errors stands at an address that only takes POST
  if (!before && page) { // it came after this page did: the page is fetched once more, to be kept
    const answer = await fetch(page);
    if (answer.ok && !answer.redirected && answer.headers.get("X-Keep-For") === user()) await (await caches.open(`pages:${user()}`)).put(page, answer);
  }
  element.dataset.kept = "1";
}
