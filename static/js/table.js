// Lists by keyboard: J and K move, Enter opens, X selects. The row under the hand is marked and scrolled into sight. Further letters press
// what carries them: data-key="a" in the row under the hand, or on a page that says data-keys; there J and K, too, when it has no rows.
let at = -1;

const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr")];

function move(step) {
  const all = rows();
  if (!all.length) return;
  at = Math.min(all.length - 1, Math.max(0, at + step));
  all.forEach((row, place) => row.classList.toggle("at", place === at));
  all[at].scrollIntoView({ block: "nearest" });
  all[at].querySelector("th a, td a")?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input:not([type=checkbox]),select,textarea,dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "j" && rows().length) move(1);
  else if (key === "k" && rows().length) move(-1);
  else if (key === "enter" && at >= 0 && !event.target.closest("a,button,summary")) open(rows()[at]);
  else if (key === "x" && at >= 0) pick(rows()[at]);
  else if (/^[a-z]$/.test(key)) press(key);
});

function open(row) {
  const address = row?.dataset.href || row?.querySelector("a")?.href;
  if (address) location.assign(address);
}
function press(key) {
  const place = at >= 0 ? rows()[at] : document.querySelector("[data-keys]");
  const found = place?.querySelector(`[data-key="${key}"]`);
  if (found) found.click();
}
function pick(row) {
  const box = row?.querySelector("input[type=checkbox]");
  if (box) box.click();
}

/** A list came or was swapped: begin above the first row; the whole row of a list is a way in for the mouse. */
export function start(table) {
  if (!table.matches("table")) return;
  at = -1;
  table.addEventListener("click", (event) => {
    const row = event.target.closest("tbody tr[data-href]");
    if (!row || event.target.closest("a,button,input,select,label,summary,form") || String(getSelection())) return;
    open(row);
  });
  table.addEventListener("change", (event) => {
    if (!event.target.matches("[name=pick]")) return;
    event.target.closest("tr").classList.toggle("picked", event.target.checked);
    const bar = document.querySelector("[data-picked]");
    if (!bar) return;
    const count = table.querySelectorAll("[name=pick]:checked").length;
    bar.hidden = !count;
    bar.querySelector("[data-picked-count]").textContent = bar.dataset.picked.replace("{}", count);
  });
}
