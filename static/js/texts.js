// Words for people come from the page (components/texts.html), never from JavaScript.
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
