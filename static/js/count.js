// Counting a box: each line that a scanner has typed into [data-scans] ticks its part, and a line says how many are ticked and what is strange.
// The server reads the same lines again; without JavaScript nothing is missing but the ticks.
export function start(form) {
  const scans = form.querySelector("[data-scans]");
  const told = form.querySelector("[data-counted]");
  const boxes = [...form.querySelectorAll("input[type=checkbox][data-code]")];
  const last = (code) => code.trim().replace(/\/+$/, "").split("/").pop().toUpperCase();
  const find = (key) => boxes.find((box) => box.dataset.code.toUpperCase() === key || box.value.toUpperCase() === key);

  function look() {
    const lines = scans.value.split("\n").slice(0, -1).map(last).filter(Boolean); // the last line is still being typed
    const strange = [...new Set(lines.filter((key) => !find(key)))];
    lines.forEach((key) => { const box = find(key); if (box) box.checked = true; });
    tell(strange);
  }
  function tell(strange) {
    const n = boxes.filter((box) => box.checked).length;
    told.textContent = told.dataset.words.replace("{n}", n).replace("{of}", boxes.length);
    if (strange.length) told.textContent += ` · ${told.dataset.strange.replace("{codes}", strange.join("、"))}`;
  }
  scans.addEventListener("input", look);
  form.addEventListener("change", (event) => { if (event.target.matches("input[type=checkbox]")) look(); });
  look();
}
