// The page without signal: which pages this phone keeps, by the titles they have.
export async function start(root) {
  const list = root.querySelector("[data-list]");
  const found = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith("pages:")) continue;
    const pages = await caches.open(name);
    for (const request of await pages.keys()) {
      const html = new DOMParser().parseFromString(await (await pages.match(request, { ignoreVary: true })).text(), "text/html");
      found.push([new URL(request.url).pathname, html.title.split(" · ")[0]]);
    }
  }
  if (!found.length) return;
  list.replaceChildren(...found.map(([path, title]) => {
    const [item, link] = [document.createElement("li"), document.createElement("a")];
    link.href = path;
    link.append(Object.assign(document.createElement("span"), { textContent: title }));
    item.append(link);
    return item;
  }));
}
