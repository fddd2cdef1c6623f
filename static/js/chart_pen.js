/* The chart's pen: strokes, words and marks in the colours of the page, and places for words that no other word has taken. */

const COLOURS = ["bg", "surface", "ink", "ink-2", "control", "info", "caution", "high", "critical",
  "c-taken", "c-prescribed", "c-plan", "c-ghost", "c-grid", "c-fall", "font"];
const MARKS = {
  caution: [[0, -7], [7.5, 6], [-7.5, 6]],
  high: [[0, -7.5], [7.5, 0], [0, 7.5], [-7.5, 0]],
  critical: [[-2.9, -7], [2.9, -7], [7, -2.9], [7, 2.9], [2.9, 7], [-2.9, 7], [-7, 2.9], [-7, -2.9]],
};

export function coloursOf(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/* Canvas strokes in the words of the SVG's classes. */
export function penOf(ctx, colour) {
  const font = (size, strong) => `${strong ? 600 : 400} ${size}px ${colour.font}`;
  const measure = (words, strong) => { ctx.font = font(12, strong); return ctx.measureText(words).width; };
  const line = (x1, y1, x2, y2, stroke, width = 1) => {
    Object.assign(ctx, { strokeStyle: stroke, lineWidth: width });
    ctx.beginPath(); ctx.moveTo(x1, y1); ctx.lineTo(x2, y2); ctx.stroke();
  };
  const text = (words, x, y, { anchor = "left", fill = colour["ink-2"], strong = false, size = 12, halo = false } = {}) => {
    Object.assign(ctx, { font: font(size, strong), textAlign: anchor, textBaseline: "alphabetic", lineJoin: "round" });
    if (halo) { Object.assign(ctx, { strokeStyle: colour.bg, lineWidth: 4 }); ctx.strokeText(words, x, y); }
    ctx.fillStyle = fill; ctx.fillText(words, x, y);
  };
  const box = (x, y, width, height, { fill, stroke, edge = 1, radius = 0 }) => {
    ctx.beginPath(); ctx.roundRect(x, y, width, height, radius);
    if (fill) { ctx.fillStyle = fill; ctx.fill(); }
    if (stroke) { Object.assign(ctx, { strokeStyle: stroke, lineWidth: edge }); ctx.stroke(); }
  };
  const mark = (severity, x, y) => {
    Object.assign(ctx, { fillStyle: colour.bg, strokeStyle: colour[severity] ?? colour.info, lineWidth: 1.75, lineJoin: "round" });
    ctx.beginPath();
    if (MARKS[severity]) MARKS[severity].forEach(([dx, dy]) => ctx.lineTo(x + dx, y + dy)); else ctx.arc(x, y, 7, 0, 2 * Math.PI);
    ctx.closePath(); ctx.fill(); ctx.stroke();
  };
  return { measure, line, text, box, mark, colour };
}

/* Each word takes the first of its places that is free, or is left out; the rule of Labels in scale.py. */
export function labelsOf(pen, right) {
  const boxes = [];
  const boxOf = ([x, y, anchor = "left"], width) => {
    const left = x - { left: 0, center: width / 2, right: width }[anchor];
    return [left, y - 10, left + width, y + 3];
  };
  const isFree = (box) => box[0] >= 0 && box[2] <= right
    && !boxes.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
  const place = (words, places, style = {}) => {
    const width = pen.measure(words, style.strong), found = places.find((each) => isFree(boxOf(each, width)));
    if (!found) return false;
    boxes.push(boxOf(found, width));
    pen.text(words, found[0], found[1], { ...style, anchor: found[2] });
    return true;
  };
  return { place, block: (...box) => boxes.push(box) };
}

/* Centres without overlap: the gravest and newest keep their place, others take the nearest free one, right before left;
   null for one too far off its day. */
export function spread(wanted) {
  const placed = [], centers = wanted.map(() => null);
  for (const i of [...wanted.keys()].sort((a, b) => wanted[b][2] - wanted[a][2] || b - a)) {
    const [center, width] = wanted[i], reach = width / 2 + 2, off = (x) => Math.abs(x - center);
    const clears = (x) => placed.every(([left, right]) => x + reach - 0.01 <= left || x - reach + 0.01 >= right);
    const tries = [center, ...placed.map(([, right]) => right + reach), ...placed.map(([left]) => left - reach)];
    const free = tries.filter((x) => off(x) <= 26 && clears(x));
    if (!free.length) continue;
    centers[i] = free.reduce((best, x) => (off(x) < off(best) ? x : best));
    placed.push([centers[i] - width / 2, centers[i] + width / 2]);
  }
  return centers;
}
