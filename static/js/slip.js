// The slip's form: lines more or less, parts from the catalogue, and after each save the task list, the hours and what is still missing.
import "./combobox.js"; // at hand before the line is lost: a new part line asks for it

const LINE = /^(faults|parts)-(\d+)-/;

export function start(form) {
  const replacing = form.dataset.replacing.split(" ");
  const boxOf = (kind) => form.querySelector(`[data-lines="${kind}"]`);
  const linesOf = (kind) => [...boxOf(kind).querySelectorAll(":scope > [data-line]")];
  const changed = (element) => element.dispatchEvent(new Event("input", { bubbles: true }));

  /** A new line from the pattern; number: its number, else the next free one. */
  function add(kind, number) {
    const box = boxOf(kind);
    const lines = linesOf(kind);
    if (lines.length >= Number(box.dataset.most)) return null;
    const next = number ?? Math.max(-1, ...lines.map((line) => Number(line.id.split("-").at(-1)))) + 1;
    const pattern = box.querySelector("template[data-new-line]");
    const holder = document.createElement("div");
    holder.innerHTML = pattern.innerHTML.replaceAll("__n__", String(next));
    const line = holder.firstElementChild;
    pattern.before(line);
    window.htmx?.process(line);
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: line } }));
    count(kind);
    return line;
  }
  function remove(line) {
    const kind = line.dataset.line;
    line.remove();
    count(kind);
    changed(form);
  }
  function count(kind) {
    const lines = linesOf(kind);
    lines.forEach((line, place) => {
      line.querySelector("[data-number]").textContent = String(place + 1);
      if (kind === "faults") line.querySelector("[data-remove-line]")?.toggleAttribute("hidden", lines.length < 2);
    });
  }
  function first(line) {
    [...line.querySelectorAll("input:not([type=hidden]), select, textarea")].find((field) => field.offsetParent)?.focus();
  }

  form.addEventListener("click", (event) => {
    const more = event.target.closest("[data-add-line]");
    const less = event.target.closest("[data-remove-line]");
    if (!more && !less) return;
    event.preventDefault();
    if (less) { remove(less.closest("[data-line]")); return; }
    const line = add(more.dataset.addLine);
    if (line) { first(line); needs(); }
  });
  // Enter in a field goes on to nothing: the form is handed in by its button only (Ctrl+Enter by app.js).
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && event.target.matches("input:not([type=checkbox], [type=radio])")) event.preventDefault();
  });

  // A draft that comes back from the phone may have other lines than the page.
  form.addEventListener("restoring", (event) => {
    const wanted = new Map();
    for (const [name] of event.detail) {
      const found = LINE.exec(name);
      if (found) wanted.set(`${found[1]}-${found[2]}`, [found[1], Number(found[2])]);
    }
    for (const kind of ["faults", "parts"]) {
      for (const line of linesOf(kind)) if (!wanted.has(line.id)) line.remove();
      for (const [key, [its, number]] of wanted) if (its === kind && !document.getElementById(key)) add(kind, number);
      count(kind);
    }
  });
  form.addEventListener("restored", () => { needs(); times(); });

  // Parts: choosing a hit fills name and unit.
  form.addEventListener("chosen", (event) => {
    const line = event.target.closest('[data-line="parts"]');
    if (!line) return;
    for (const name of ["name", "unit"]) {
      const field = line.querySelector(`[name$="-${name}"]`);
      if (field && event.detail[name]) field.value = event.detail[name];
    }
    changed(line.querySelector("input"));
  });

  // Photos: 更换后 is wanted once something was replaced; a photo of a part can be chosen as its proof.
  const grid = document.querySelector("[data-photos]");
  function needs() {
    const after = grid?.querySelector('form[data-slot="after"]');
    if (!after) return;
    const wanted = [...form.querySelectorAll("[data-treatment]")].some((select) => replacing.includes(select.value));
    after.dataset.needed = wanted ? "1" : "0";
    grid.dispatchEvent(new Event("needs"));
  }
  document.addEventListener("photo-sent", (event) => {
    const photo = event.detail;
    if (photo?.slot !== "part" || !photo.id) return;
    const patterns = [...form.querySelectorAll("template")].map((template) => template.content);
    for (const root of [form, ...patterns]) {
      for (const select of root.querySelectorAll('select[name$="-supply_photo"]')) {
        if (!select.querySelector(`option[value="${photo.id}"]`)) select.append(new Option(photo.label, photo.id));
        if (!select.value && select.offsetParent) { select.value = photo.id; changed(select); }
      }
    }
  });

  // A time that differs from the check-in wants its reason.
  const arrived = form.elements.arrived_at;
  const reason = form.querySelector("[data-times-reason]");
  const stay = form.querySelector("[data-long-stay]");
  function times() {
    const [from, to] = [arrived?.value, form.elements.left_at?.value];
    if (from && to) stay.hidden = new Date(to) - new Date(from) <= 24 * 3600 * 1000;
    if (arrived?.defaultValue && arrived.value !== arrived.defaultValue) reason.open = true;
  }
  form.addEventListener("change", (event) => {
    if (event.target === arrived || event.target.name === "left_at") times();
    if (event.target.matches("[data-treatment]")) needs();
  });

  // A tick against the computed warranty wants its reason; 待定 contradicts nothing.
  const computed = form.querySelector("[data-warranty]");
  const why = form.querySelector("[data-warranty-reason]");
  function ticked() {
    if (!computed) return;
    const pair = new Set([form.elements.in_warranty?.value, computed.dataset.computed]);
    const differs = pair.has("yes") && pair.has("no");
    const field = why.querySelector("input");
    why.hidden = !differs && !field.value;
    field.setAttribute("aria-required", String(differs));
  }
  form.addEventListener("change", (event) => { if (event.target.name === "in_warranty") ticked(); });
  form.addEventListener("restored", ticked);

  // What the server says after each save: states of the parts, hours by the times, what is missing.
  form.addEventListener("draft-saved", ({ detail }) => {
    for (const { key, chip } of detail.parts || []) {
      for (const place of document.querySelectorAll(`[data-part="${key}"]`)) place.innerHTML = chip;
    }
    for (const place of document.querySelectorAll("[data-left]")) place.textContent = detail.left;
    if (computed && detail.warranty) { computed.innerHTML = detail.warranty.html; computed.dataset.computed = detail.warranty.tick; ticked(); }
    const hint = document.getElementById("id_hours_helptext");
    if (hint && detail.hours_hint) hint.textContent = detail.hours_hint;
  });

  count("faults");
  needs();
  ticked();
}
