// Search box with hits below: <div data-combobox><input hx-get …><ul role="listbox"></ul><input type="hidden"></div>.
// htmx brings the hits as <li role="option" data-value data-label>; without JavaScript it is a plain search field of its form.
import { text } from "./page.js";

let number = 0;

export function start(box) {
  const input = box.querySelector("input:not([type=hidden])");
  const list = box.querySelector("[role=listbox]");
  const hidden = box.querySelector("input[type=hidden]");
  const status = document.createElement("span");
  let at = -1;
  status.className = "sr";
  status.setAttribute("role", "status");
  box.append(status);
  list.id ||= `hits-${(number += 1)}`;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.autocomplete = "off";

  const options = () => [...list.querySelectorAll("[role=option]")];
  function show(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open && options().length > 0));
    if (!open) mark(-1);
  }
  function mark(place) {
    at = place;
    options().forEach((option, index) => {
      option.id ||= `${list.id}-${index}`;
      option.setAttribute("aria-selected", String(index === place));
    });
    const option = options()[place];
    if (option) { input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
    else input.removeAttribute("aria-activedescendant");
  }
  function choose(option) {
    if (option.dataset.url) { location.assign(option.dataset.url); return; } // a hit of the search box
    input.value = option.dataset.label || option.textContent.trim();
    if (hidden) {
      hidden.value = option.dataset.value;
      hidden.dispatchEvent(new Event("change", { bubbles: true }));
    }
    show(false);
    box.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: { ...option.dataset } }));
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== list) return;
    const count = options().length;
    status.textContent = count ? text("hits", count) : text("noHit");
    show(document.activeElement === input);
    mark(-1);
  });
  input.addEventListener("input", () => { if (hidden?.value) { hidden.value = ""; hidden.dispatchEvent(new Event("change", { bubbles: true })); } });
  input.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "Escape") { if (!list.hidden) { event.stopPropagation(); show(false); } }
    else if (!count) return;
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      show(true);
      mark((at + (event.key === "ArrowDown" ? 1 : count - 1) + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % count);
    } else if (event.key === "Enter" && at >= 0 && !list.hidden && !event.ctrlKey) { event.preventDefault(); choose(options()[at]); }
    else if (event.key === "Tab" && at >= 0 && !list.hidden) choose(options()[at]);
  });
  input.addEventListener("focus", () => { if (options().length) show(true); });
  input.addEventListener("blur", () => setTimeout(() => show(false), 150));
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
  list.addEventListener("click", (event) => { const option = event.target.closest("[role=option]"); if (option) choose(option); });
  show(false);
}
