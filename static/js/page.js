// What every module needs from the page: its words, toasts and dialogs.
// Words for people come from components/texts.html, never from JavaScript.
const source = document.getElementById("texts");

/** The words under a key, with {} filled in. */
export function text(key, ...values) {
  let words = source?.dataset[key] ?? "";
  for (const value of values) words = words.replace("{}", String(value));
  return words;
}

/** HH:MM of now or of an ISO time. */
export function clock(at = Date.now()) {
  const time = new Date(at);
  return `${String(time.getHours()).padStart(2, "0")}:${String(time.getMinutes()).padStart(2, "0")}`;
}

export function csrf() {
  try { return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || ""; } catch { return ""; }
}

/** Say a small success for four seconds; failures stay on the page instead. */
export function toast(words) {
  const box = document.getElementById("toast");
  if (!box) return;
  box.textContent = words;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { box.textContent = ""; }, 4000);
}

// Native <dialog>: opened by [data-dialog="id"], closed by [data-close], Escape or the backdrop; the browser keeps focus inside, we give it back.
let opener = null;

function open(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  opener = document.activeElement;
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu.contains(opener)) opener = menu.querySelector("summary");
    menu.open = false;
  });
  dialog.showModal();
  (dialog.querySelector("textarea, input:not([type=hidden]), select") || dialog.querySelector("button"))?.focus();
  dialog.addEventListener("close", () => { opener?.focus(); opener = null; }, { once: true });
}

/** Ask a question; resolves to true when the verb was pressed. */
function ask(question, verb, cancel) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    const form = document.createElement("form");
    const words = document.createElement("h2");
    const buttons = document.createElement("div");
    form.method = "dialog";
    words.textContent = question;
    buttons.className = "dialog-buttons";
    for (const [label, value, look] of [[cancel, "", "button"], [verb, "yes", "button danger solid"]]) {
      const button = document.createElement("button");
      button.className = look;
      button.value = value;
      button.textContent = label;
      buttons.append(button);
    }
    form.append(words, buttons);
    dialog.append(form);
    document.body.append(dialog);
    dialog.setAttribute("aria-label", question);
    const before = document.activeElement;
    dialog.addEventListener("close", () => { resolve(dialog.returnValue === "yes"); dialog.remove(); before?.focus(); });
    dialog.showModal();
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dialog]");
  if (button) { event.preventDefault(); open(button.dataset.dialog); } // a link asks on a page of its own without JavaScript
  const close = event.target.closest("[data-close]");
  if (close) close.closest("dialog")?.close();
  if (event.target.matches("dialog[open]")) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

export const dialogs = { open, ask };
