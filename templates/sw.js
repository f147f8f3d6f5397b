{% load static %}// Service worker: shell and files of the portal, and the slips that this phone has open, for a reload without signal. Made by servicedesk/offline.py.
const SHELL = "shell:{{ version }}";
const FILES = [{% for file in files %}"{{ file|escapejs }}",{% endfor %}"{{ page|escapejs }}"];
const FOLDER = "{{ folder|escapejs }}";
const KEPT = /^\/slips\/[^/]+\/(sign\/)?$|^\/tickets\/day\/$|^\/$/;

self.addEventListener("install", (event) => event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("shell:") && name !== SHELL) await caches.delete(name);
  await self.clients.claim();
})()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith(FOLDER)) event.respondWith(file(request, url));
  else if (request.mode === "navigate") event.respondWith(page(request, url));
});

/** A file with a hash in its name never changes; another is asked for first. */
async function file(request, url) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept && /\.[0-9a-f]{12}\./.test(url.pathname)) return kept;
  try { return await fetch(request); } catch (fault) { if (kept) return kept; throw fault; }
}
async function page(request, url) {
  let answer;
  try { answer = await fetch(request); } catch {
    for (const name of await caches.keys()) {
      const kept = name.startsWith("pages:") && await (await caches.open(name)).match(url.pathname, { ignoreVary: true });
      if (kept) return kept;
    }
    return (await caches.match("{{ page|escapejs }}", { ignoreVary: true })) || Response.error();
  }
  const owner = answer.headers.get("X-Keep-For");
  if (owner && answer.ok && !answer.redirected && KEPT.test(url.pathname)) {
    const copy = answer.clone();
    await (await caches.open(`pages:${owner}`)).put(url.pathname, copy);
  }
  return answer;
}
