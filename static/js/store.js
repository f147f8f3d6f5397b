// What the phone keeps in IndexedDB, per user: drafts of forms, and the outbox that queue.js sends.
export const user = () => document.body.dataset.user || "public";
let base = null;

/** A key nobody else has; crypto.randomUUID is missing on plain http. */
export function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function store() {
  base ??= new Promise((resolve, reject) => {
    const wish = indexedDB.open("servicedesk", 1);
    wish.onupgradeneeded = () => {
      wish.result.createObjectStore("drafts", { keyPath: ["user", "key"] });
      wish.result.createObjectStore("outbox", { keyPath: "op" }).createIndex("user", "user");
    };
    wish.onsuccess = () => resolve(wish.result);
    wish.onerror = () => reject(wish.error);
  });
  return base;
}
export async function run(name, mode, work) {
  const transaction = (await store()).transaction(name, mode);
  const wish = work(transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(wish?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export const saveDraft = (key, draft) => run("drafts", "readwrite", (drafts) => drafts.put({ ...draft, user: user(), key }));
export const loadDraft = (key) => run("drafts", "readonly", (drafts) => drafts.get([user(), key]));
export const dropDraft = (key) => run("drafts", "readwrite", (drafts) => drafts.delete([user(), key]));
export const drafts = () => run("drafts", "readonly", (all) => all.getAll()).then((rows) => rows.filter((row) => row.user === user()));
