// Signing without signal (domain.md 8.5): the check-answers page made from the form, then slip and signature wait in the phone's queue and go once.
import { clock, dialogs, text } from "./page.js";
import { read } from "./draft.js";
import { add, listen, outbox, remove, retry } from "./queue.js";
import { dropDraft } from "./store.js";

const DAY = 24 * 3600 * 1000;
const minute = (at) => new Date(at - new Date(at).getTimezoneOffset() * 60000).toISOString().slice(0, 16);

const labelOf = (field) => (field.closest("fieldset.field")?.querySelector("legend") || document.querySelector(`label[for="${CSS.escape(field.id)}"]`))?.firstChild?.textContent.trim() || field.name;

/** What one group of fields with the same name says, in words. */
function valueOf(fields) {
  const [field] = fields;
  if (field.matches("[type=checkbox],[type=radio]")) return fields.filter((each) => each.checked).map((each) => choiceOf(each)).join(text("listSeparator"));
  if (field.matches("select")) return field.value ? field.selectedOptions[0]?.textContent.trim() : "";
  return field.value.trim().replace(/^(\d{4}-\d\d-\d\d)T/, "$1 ");
}
const choiceOf = (choice) => (choice.closest("label") || document.querySelector(`label[for="${CSS.escape(choice.id)}"]`))?.textContent.trim() || "";

function groups(root) {
  const found = new Map();
  for (const field of root.querySelectorAll("input, select, textarea")) {
    if (!field.name || field.disabled || field.closest("template") || field.matches("[type=hidden],[type=file],[name=csrfmiddlewaretoken]")) continue;
    found.set(field.name, [...(found.get(field.name) || []), field]);
  }
  return [...found.values()];
}

/** Fields of the form that the finished slip needs and that are not filled in: [field, words]. */
function missing(form, words) {
  const found = [];
  for (const fields of groups(form)) {
    const [field] = fields;
    const value = valueOf(fields);
    const excuse = field.closest("fieldset.line")?.querySelector("[name$=-unknown_reason]");
    if (excuse && (field === excuse || excuse.value.trim().length > 1)) continue;
    const wanted = fields.some((each) => each.getAttribute("aria-required") === "true" || each.closest("[aria-required=true]"));
    if (wanted && !value) found.push([field, words.missing]);
    else if (wanted && value.length < (Number(field.dataset.least) || 0)) found.push([field, words.short]);
    else if (field.validity && !field.validity.valid && !field.validity.valueMissing) found.push([field, words.wrong]);
  }
  const [arrived, left] = ["arrived_at", "left_at"].map((name) => form.elements[name]);
  if (arrived?.value && left?.value) {
    if (left.value <= arrived.value) found.push([left, words.leaving]);
    else if (new Date(left.value) > Date.now() + 60000) found.push([left, words.future]);
    const stay = form.elements.long_stay;
    if (new Date(left.value) - new Date(arrived.value) > DAY && stay && !stay.checked) found.push([stay, words.missing]);
  }
  return found;
}

export function start(section) {
  const form = document.getElementById(section.dataset.offline); // the slip; none on the page of a slip that is handed in already
  const sign = section.querySelector("form") || document.getElementById("sign");
  const { url, target, after, ...words } = section.dataset;
  const parts = Object.fromEntries([...section.querySelectorAll("[data-step]")].map((element) => [element.dataset.step, element]));
  const page = section.parentElement;

  function show(step) {
    const here = Boolean(step);
    section.hidden = !here;
    for (const child of page.children) if (child !== section && !child.matches("[data-draft-conflict]")) child.hidden = here;
    document.querySelectorAll(".actionbar > *").forEach((element) => { element.hidden = here || element.matches("[data-no-js]"); });
    for (const [name, element] of Object.entries(parts)) element.hidden = name !== step;
    window.dispatchEvent(new Event("resize")); // the boxes to sign in know their width only now
    window.scrollTo(0, 0);
    (section.querySelector(`[data-step="${step}"] h2`) || document.querySelector("h1"))?.focus();
  }
  function complain(list) {
    const box = section.querySelector("[data-problems]");
    const lines = box.querySelector("ul");
    lines.replaceChildren();
    box.hidden = !list.length;
    for (const [field, why] of list) {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = "#";
      link.textContent = `${typeof field === "string" ? field : labelOf(field)}: ${why}`;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        if (form && typeof field !== "string" && form.contains(field)) { show(""); field.closest("details")?.setAttribute("open", ""); }
        if (typeof field !== "string") { field.focus(); field.scrollIntoView({ block: "center" }); } else { show(""); document.getElementById("photos")?.scrollIntoView(); }
      });
      line.append(link);
      lines.append(line);
    }
    if (list.length) box.scrollIntoView({ block: "center" });
    return list.length === 0;
  }
  function answers() {
    const list = section.querySelector("[data-answers]");
    list.replaceChildren();
    const put = (name, ...content) => {
      const [term, value] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = name;
      value.append(...content);
      list.append(term, value);
    };
    put(words.customerWord, section.querySelector("[data-customer]")?.textContent || "");
    for (const fields of groups(form)) {
      const value = valueOf(fields);
      if (value) put(labelOf(fields[0]), value);
    }
    const photos = [...document.querySelectorAll("[data-photos] figure")].map((figure) => figure.querySelector("figcaption span")?.textContent || "");
    put(words.photosWord, photos.join(text("listSeparator")) || "–");
  }

  /** The form without a line: what is missing, or the check-answers page. */
  function check() {
    const left = form.elements.left_at;
    if (left && !left.value && minute(Date.now()) > (form.elements.arrived_at?.value || "")) { left.value = minute(Date.now()); left.dispatchEvent(new Event("input", { bubbles: true })); }
    const lacking = [...document.querySelectorAll("[data-photos] form[data-needed='1']")].filter((slot) => !document.querySelector(`[data-photos] figure[data-of="${slot.dataset.slot}"]`));
    const list = [...missing(form, words), ...lacking.map((slot) => [slot.dataset.label, words.noPhoto])];
    answers();
    show(list.length ? "problems" : "check");
    complain(list);
  }
  async function keep() {
    const chosen = sign.querySelector("[name$=rating]:checked");
    const [opinion, strokes, confirmed, signer] = ["opinion", "strokes", "confirmed", "signer"].map((name) => sign.querySelector(`[name$="${name}"]:not([name$="technician_strokes"])`));
    const list = [];
    if (!chosen) list.push([sign.querySelector("[name$=rating]"), words.missing]);
    else if (Number(chosen.value) <= 2 && !opinion.value.trim()) list.push([opinion, words.missing]);
    if (!strokes.value && !(confirmed.checked && signer.value.trim().length > 1)) list.push([confirmed.checked ? signer : opinion, words.unsigned]);
    if (!complain(list)) return;
    const prefix = sign.querySelector("[name^=sign-]") ? "" : "sign-";
    const fields = [...(form ? read(form) : []), ["version", form?.dataset.version || sign.elements.version.value], ["signed_at", new Date().toISOString()]];
    for (const [name, value] of read(sign)) fields.push([prefix + name, value]);
    try { await add({ url, target, after, fields, name: section.querySelector("[data-customer]")?.textContent || "" }); } catch { complain([[opinion, text("phoneFull")]]); }
  }

  async function state(error) {
    const row = (await outbox().catch(() => [])).find((item) => item.target === target);
    if (form) form.dataset.queued = row ? "1" : "";
    if (!row) return null;
    parts.kept.querySelector("[data-at]").textContent = clock(row.added);
    const why = parts.kept.querySelector("[data-why]");
    why.textContent = error || (row.state === "refused" ? row.error : "") || "";
    why.hidden = !why.textContent;
    show("kept");
    return row;
  }

  listen(async ({ kind, item, error, answer }) => {
    if (item?.target !== target) return;
    if (kind === "added") await state();
    else if (kind === "failed") await state(error === text("onPhone") ? "" : error);
    else if (kind === "sent") {
      if (answer.state !== "draft") await dropDraft(after).catch(() => {});
      await dropDraft(`sign:${after.slice(5)}`).catch(() => {});
      location.assign(answer.url);
    }
  });
  section.addEventListener("offline-check", () => (form ? check() : keep()));
  section.addEventListener("submit", (event) => { if (event.target === sign) { event.preventDefault(); event.stopImmediatePropagation(); keep(); } }, true);
  section.addEventListener("click", async (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act === "back") show("");
    else if (act === "retry") retry();
    else if (act === "undo" && (await dialogs.ask(words.undoQuestion, words.undo, text("cancel")))) {
      const row = (await outbox()).find((item) => item.target === target);
      if (row) await remove(row.op);
      if (form) form.dataset.queued = "";
      show("");
    }
  });
  state();
}
