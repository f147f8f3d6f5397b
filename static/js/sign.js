// Signature: strokes [[x, y, ms], …] in a field of 600 × 220 as JSON in a hidden input; drawn again when they come back.
const WIDTH = 600;
const HEIGHT = 220;
const NEAR = 2; // points closer than this tell nothing

export function start(box) {
  const paper = box.querySelector("[data-signature-paper]");
  if (!paper) return;
  const canvas = paper.querySelector("canvas");
  const field = box.querySelector("[data-strokes]");
  const clear = box.querySelector("[data-signature-clear]");
  const hint = paper.querySelector(".hint");
  let strokes = [];
  let current = null;
  let begun = 0;

  function draw() {
    const scale = (window.devicePixelRatio || 1) * (paper.clientWidth || WIDTH) / WIDTH;
    canvas.width = Math.round(WIDTH * scale);
    canvas.height = Math.round(HEIGHT * scale);
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.strokeStyle = "#1A1F26";
    pen.lineWidth = 2.5;
    pen.lineCap = pen.lineJoin = "round";
    for (const stroke of strokes) {
      pen.beginPath();
      stroke.forEach(([x, y], place) => (place ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      if (stroke.length === 1) pen.lineTo(stroke[0][0] + 0.1, stroke[0][1]);
      pen.stroke();
    }
    hint.hidden = strokes.length > 0;
    clear.hidden = strokes.length === 0;
  }
  function point(event) {
    const frame = canvas.getBoundingClientRect();
    const x = Math.round(((event.clientX - frame.left) / frame.width) * WIDTH);
    const y = Math.round(((event.clientY - frame.top) / frame.height) * HEIGHT);
    return [Math.min(WIDTH, Math.max(0, x)), Math.min(HEIGHT, Math.max(0, y)), Math.round(performance.now() - begun)];
  }
  function tell() {
    field.value = strokes.length ? JSON.stringify(strokes) : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A pen lifted at full speed would be a fling to the browser, and the tap that stops a fling is no click.
  canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    event.preventDefault();
    try { canvas.setPointerCapture(event.pointerId); } catch { /* a pointer that is gone already */ }
    if (!strokes.length) begun = performance.now();
    current = [point(event)];
    strokes.push(current);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!current) return;
    const next = point(event);
    const last = current.at(-1);
    if (Math.hypot(next[0] - last[0], next[1] - last[1]) < NEAR) return;
    current.push(next);
    draw();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => { if (current) { current = null; tell(); } });
  }
  clear.addEventListener("click", () => { strokes = []; draw(); tell(); canvas.focus(); });
  window.addEventListener("resize", draw);

  function restore() {
    try { strokes = JSON.parse(field.value || "[]"); } catch { strokes = []; }
    draw();
  }
  field.addEventListener("restored", restore);
  paper.hidden = false;
  restore();
}
