// Photos into named slots: from camera or album, shrunk in the page, into the outbox, shown at once with their state.
import { text } from "./page.js";
import { where } from "./position.js";
import { add, listen, outbox, remove, retry } from "./queue.js";

const LONGEST = 1600; // px; domain.md 18.2
const HEAVIEST = 400 * 1024; // bytes; domain.md 18.2
const REFUSED = 20 * 1024 * 1024; // bytes; reliability.md 6

/** Photos that were chosen and are still being shrunk: promises that end when the outbox has them. */
export const shrinking = new Set();

/** A JPEG of at most 1600 px and 400 KB; what the browser cannot decode goes as it is. */
export async function shrink(file) {
  let picture;
  try { picture = await createImageBitmap(file, { imageOrientation: "from-image" }); } catch { return file; }
  let longest = LONGEST;
  for (let round = 0; round < 4; round += 1) {
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const quality of [0.85, 0.75, 0.65, 0.5]) {
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
      if (blob && blob.size <= HEAVIEST) return blob;
    }
    longest = Math.round(longest * 0.75);
  }
  return file;
}

/** The photo of a paper, large, beside the form that is typed from it. */
function lay(photo) {
  const papers = document.querySelector("[data-papers]");
  if (!papers || !photo?.url) return;
  const sheet = papers.querySelector("template").content.cloneNode(true);
  sheet.querySelector("a").href = sheet.querySelector("img").src = photo.url;
  papers.querySelector(".hint")?.remove();
  papers.append(sheet);
}

export function start(grid) {
  const places = grid.querySelector(".photos");
  const { url, target } = grid.dataset;

  function complain(words) {
    const box = grid.querySelector("[data-photo-error]");
    box.replaceChildren();
    if (!words) return;
    const line = document.createElement("p");
    line.className = "field-error";
    line.textContent = words;
    box.append(line);
  }
  function missing() {
    const left = [...grid.querySelectorAll("[data-needed='1']")].filter((slot) => !places.querySelector(`[data-of="${slot.dataset.slot}"]`));
    const names = left.map((slot) => slot.dataset.label).join(text("listSeparator"));
    grid.querySelector("[data-photos-left]").textContent = names ? text("photosMissing", names) : text("photosComplete");
    grid.querySelectorAll("form[data-slot]").forEach((slot) => slot.querySelector(".photo-take").classList.toggle("due", left.includes(slot)));
  }

  function show(item) {
    const slot = grid.querySelector(`form[data-slot="${CSS.escape(item.fields.slot)}"]`);
    const figure = document.createElement("figure");
    figure.className = "photo";
    figure.dataset.op = item.op;
    figure.dataset.of = item.fields.slot;
    figure.innerHTML = '<span class="photo-view"><img alt="" width="132" height="132"><span class="badge"></span><progress max="1" value="0" hidden></progress></span><figcaption><span></span><span data-state></span></figcaption>';
    const image = figure.querySelector("img");
    image.src = URL.createObjectURL(new Blob([item.bytes], { type: item.type }));
    image.alt = slot?.dataset.label || "";
    figure.querySelector("figcaption span").textContent = slot?.dataset.label || "";
    figure.querySelector(".badge").textContent = text(item.fields.source);
    places.insertBefore(figure, slot);
    state(item.op, item.state === "refused" ? "failed" : "waiting", item.error);
    missing();
  }
  function state(op, name, error) {
    const figure = places.querySelector(`[data-op="${op}"]`);
    if (!figure) return;
    const mark = figure.querySelector("[data-state]");
    mark.dataset.state = name;
    mark.textContent = text({ waiting: "photoWaiting", sent: "photoSent", failed: "photoFailed" }[name]);
    figure.querySelector("progress").hidden = true;
    figure.querySelector(".cluster")?.remove();
    if (name !== "failed") return;
    complain(error);
    const buttons = document.createElement("span");
    buttons.className = "cluster";
    for (const [label, act] of [["retry", retry], ["remove", () => remove(op)]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link-button";
      button.textContent = text(label);
      button.addEventListener("click", act);
      buttons.append(button);
    }
    figure.append(buttons);
  }

  listen(({ kind, item, op, share, answer, error, final }) => {
    if (kind === "removed") { places.querySelector(`[data-op="${op}"]`)?.remove(); missing(); return; }
    if (item?.target !== target) return;
    if (kind === "added") show(item);
    else if (kind === "failed") {
      state(item.op, final ? "failed" : "waiting", error);
      if (error === text("sessionOver")) complain(error);
    }
    else if (kind === "progress") {
      const bar = places.querySelector(`[data-op="${item.op}"] progress`);
      if (bar) { bar.hidden = false; bar.value = share; bar.setAttribute("aria-label", text("photoSending", `${Math.round(share * 100)}%`)); }
    } else if (kind === "sent") {
      state(item.op, "sent");
      if (item.fields.slot === "paper") lay(answer);
      grid.dispatchEvent(new CustomEvent("photo-sent", { bubbles: true, detail: answer }));
    }
  });

  async function take(files, slot, source) {
    complain("");
    for (const file of files) {
      if (file.size > REFUSED) { complain(text("tooLarge")); continue; }
      if (file.type && !file.type.startsWith("image/")) { complain(text("notAPhoto")); continue; }
      const camera = source === "camera";
      const fields = { slot, source, taken_at: new Date(camera ? Date.now() : file.lastModified || Date.now()).toISOString() };
      const [blob, place] = await Promise.all([shrink(file), camera && "position" in grid.dataset ? where() : {}]);
      const name = blob.type === "image/jpeg" ? file.name.replace(/\.\w+$/, "") + ".jpg" : file.name;
      try {
        await add({ url, target, fields: { ...fields, ...place }, bytes: await blob.arrayBuffer(), type: blob.type || "image/jpeg", name });
      } catch { complain(text("phoneFull")); }
    }
  }
  grid.addEventListener("change", (event) => {
    const input = event.target.closest("input[type=file]");
    if (!input) return;
    const taken = take([...input.files], input.closest("[data-slot]").dataset.slot, input.dataset.source);
    input.value = "";
    shrinking.add(taken);
    taken.finally(() => shrinking.delete(taken));
  });

  grid.addEventListener("needs", missing); // another slot has become necessary
  missing();
  outbox().then((rows) => rows.filter((row) => row.target === target).forEach(show)).catch(() => {});
}
