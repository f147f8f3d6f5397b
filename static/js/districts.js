// Province, city, district: <div data-districts data-url="…"> around three text fields or selects marked data-level="province|city|district".
// The list is [["430000湖南省", [["430100长沙市", ["430102芙蓉区", …]], …]], …] (core/data/districts.json); it helps typing and never limits it.
let tree = null;

const name = (entry) => (Array.isArray(entry) ? entry[0] : entry).slice(6);
const below = (entry) => (Array.isArray(entry) ? entry[1] || [] : []);

export async function start(box) {
  const fields = ["province", "city", "district"].map((level) => box.querySelector(`[data-level="${level}"]`));
  try { tree ??= fetch(box.dataset.url).then((answer) => answer.json()); await tree; } catch { tree = null; return; }
  const provinces = await tree;

  const chosen = (entries, field) => entries.find((entry) => name(entry) === field?.value);
  function offer(field, entries) {
    if (!field) return;
    const names = entries.map(name);
    if (field.tagName === "SELECT") {
      const before = field.value || field.dataset.value || "";
      const first = field.options[0]?.value === "" ? field.options[0] : new Option("–", "");
      const kept = before && !names.includes(before) ? [new Option(before, before)] : []; // typed elsewhere, not in the list: stays
      field.replaceChildren(first, ...kept, ...names.map((entry) => new Option(entry, entry)));
      field.value = before;
      return;
    }
    let list = field.list;
    if (!list) {
      list = document.createElement("datalist");
      list.id = `${field.id || field.name}-list`;
      field.after(list);
      field.setAttribute("list", list.id);
    }
    list.replaceChildren(...names.map((entry) => new Option(entry, entry)));
  }
  function fill() {
    const [province, city, district] = fields;
    offer(province, provinces);
    const cities = below(chosen(provinces, province));
    offer(city, cities);
    if (city && cities.length === 1 && !city.value) city.value = name(cities[0]); // Beijing, Shanghai: the province is the city
    offer(district, below(chosen(cities, city)));
  }
  function changed(event) {
    const level = fields.indexOf(event.target);
    if (level < 0) return;
    for (const later of fields.slice(level + 1)) if (later && event.isTrusted) { later.value = ""; delete later.dataset.value; }
    fill();
  }
  box.addEventListener("change", changed);
  fill();
}
