// New report while talking: photos by paste and drop into the form, one press fills in what is known of the caller.
import { shrink } from "./photo.js";
import { text } from "./page.js";

const HEAVIEST = 20 * 1024 * 1024; // bytes; reliability.md 6

export function start(form) {
  const input = form.querySelector("input[type=file][data-drop]");
  const zone = form.querySelector("[data-drop-zone]");

  /** A looked-up customer or machine: {"field": "value"} of the pressed button goes into the form. */
  form.addEventListener("click", (event) => {
    const known = event.target.closest("[data-fill]");
    if (!known) return;
    for (const [name, value] of Object.entries(JSON.parse(known.dataset.fill))) fill(form.elements[name], value);
    form.querySelectorAll("[data-fill]").forEach((other) => other.setAttribute("aria-pressed", String(other === known)));
    const next = known.dataset.next && form.elements[known.dataset.next];
    if (next?.focus) next.focus();
  });
  function fill(field, value) {
    if (!field) return;
    if (field instanceof RadioNodeList) field.value = value;
    else if (field.type === "checkbox") field.checked = Boolean(value);
    else field.value = value ?? "";
    const one = field instanceof RadioNodeList ? field[0] : field;
    one.dispatchEvent(new Event("input", { bubbles: true }));
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }

  if (!input) return;
  const files = new DataTransfer();
  async function take(list) {
    for (const file of list) {
      if (!file.type.startsWith("image/")) { say(text("notAPhoto")); continue; }
      if (file.size > HEAVIEST) { say(text("tooLarge")); continue; }
      const small = await shrink(file);
      files.items.add(new File([small], (file.name || "photo").replace(/\.\w+$/, "") + (small.type === "image/jpeg" ? ".jpg" : ""), { type: small.type }));
    }
    input.files = files.files;
    show();
  }
  function say(words) {
    const line = form.querySelector("[data-drop-error]");
    if (line) line.textContent = words;
  }
  function show() {
    const list = form.querySelector("[data-drop-list]");
    if (!list) return;
    list.replaceChildren();
    [...files.files].forEach((file, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "drop-photo";
      button.title = text("remove");
      button.setAttribute("aria-label", `${text("remove")} ${file.name}`);
      const image = document.createElement("img");
      image.alt = "";
      image.src = URL.createObjectURL(file);
      button.append(image);
      button.addEventListener("click", () => { files.items.remove(place); input.files = files.files; show(); });
      list.append(button);
    });
  }

  input.addEventListener("change", () => { const chosen = [...input.files]; take(chosen); });
  document.addEventListener("paste", (event) => {
    const pasted = [...(event.clipboardData?.files || [])];
    if (pasted.length && form.isConnected) { event.preventDefault(); take(pasted); }
  });
  const place = zone || form;
  for (const name of ["dragenter", "dragover"]) place.addEventListener(name, (event) => { event.preventDefault(); zone?.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) place.addEventListener(name, () => zone?.classList.remove("over"));
  place.addEventListener("drop", (event) => { event.preventDefault(); take([...event.dataTransfer.files]); });
}
