/* The stacked chart as a canvas over the server's picture: same bands, same numbers as titration/charts/scale.py, any width, ranges
   without a reload. Without Chart.js (blocked, tampered with) the SVG stays. The focus line is chart_focus.js, for both. */

const TODAY_ROOM = 16, LEFT = 72, DOSE = [32, 208], RESPONSE = [252, 332], LANES = 372, LANE = 24, AXIS = 28, NOON = 0.5;
const RANGE_DAYS = { "1m": 30, "3m": 91, "6m": 182 };
const EPOCH = 719163, DAY_MS = 86400000, NARROW = 560, NARROW_RUN = 60, MOST_FIGURES = 60;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const TICK_MG = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000];
const COLOURS = ["bg", "surface", "ink", "ink-2", "control", "info", "caution", "high", "critical",
  "c-taken", "c-prescribed", "c-plan", "c-ghost", "c-grid", "c-fall", "font"];
const RANK = { mild: 1, moderate: 2, severe: 3, info: 1, caution: 2, high: 3, critical: 4 };
const MARKS = {
  caution: [[0, -7], [7.5, 6], [-7.5, 6]],
  high: [[0, -7.5], [7.5, 0], [0, 7.5], [-7.5, 0]],
  critical: [[-2.9, -7], [2.9, -7], [7, -2.9], [7, 2.9], [2.9, 7], [-2.9, 7], [-7, 2.9], [-7, -2.9]],
};

const dateOf = (day) => new Date((day - EPOCH) * DAY_MS);
const dayOf = (year, month) => Date.UTC(year, month, 1) / DAY_MS + EPOCH;
const short = (day) => `${dateOf(day).getUTCDate()} ${MONTHS[dateOf(day).getUTCMonth()]}`;
const mg = (mcg) => String(Math.round(mcg / 100) / 10);

/* Pixels right of today for the words at the ends of the lines. */
function labelRoom(model, width) {
  if (width < NARROW) return 90;
  return Math.max(104, ...model.dose.lines.filter((line) => line.kind === "plan").map((line) => 7 * line.label.length + 24));
}

/* Which days a range shows; the rule of frame_of in scale.py. */
function frameOf(model, width, range) {
  const days = RANGE_DAYS[range], right = width - (width < NARROW ? 8 : 24), room = labelRoom(model, width);
  const begin = Math.min(days ? Math.max(model.first, model.today - days) : model.first, model.today - 14);
  const ahead = days ? Math.min(model.last, model.today + days) : model.last;
  const margin = Math.max(1, (model.today - begin) * 0.015), first = begin - margin, now = model.today + NOON;
  const last = Math.max(ahead + margin, now + ((now - first) * room) / (right - LEFT - room));
  const x = (day) => LEFT + ((day - first) / (last - first)) * (right - LEFT);
  const dose = (mcg) => DOSE[1] - ((DOSE[1] - DOSE[0]) * mcg) / (model.dose.top_mcg * 1.1);
  const score = (value) => RESPONSE[1] - ((RESPONSE[1] - RESPONSE[0]) * value) / 10;
  const shows = (from, until) => until > first && from < last;
  const span = (from, until) => [x(Math.max(from, first)), x(Math.min(until, last))];
  const height = LANES + LANE * model.lanes.length + AXIS;
  return { model, width, height, right, first, last, now, x, dose, score, shows, span, narrow: width < NARROW };
}

function dayTicks(frame) {
  const px = (frame.right - LEFT) / (frame.last - frame.first), ticks = [];
  if (px * 7 >= 44) {
    const from = Math.floor(frame.first) + 1;
    for (let day = from + ((((1 - from) % 7) + 7) % 7); day <= frame.last; day += 7) ticks.push([day, short(day)]);
    return ticks;
  }
  const every = [1, 2, 3, 6, 12, 24, 60, 120].find((count) => count * 30.4 * px >= 44) ?? 120;
  const start = dateOf(Math.floor(frame.first)), end = dateOf(Math.floor(frame.last));
  const index = (date) => date.getUTCFullYear() * 12 + date.getUTCMonth();
  for (let month = index(start); month <= index(end); month += 1) {
    const year = Math.floor(month / 12), name = MONTHS[month % 12], day = dayOf(year, month % 12);
    if (day < frame.first || day > frame.last || month % every) continue;
    ticks.push([day, every >= 12 ? String(year) : month % 12 ? name : `${name} ${year}`]);
  }
  return ticks;
}

/* The taken line's known levels until today: [first, until, mcg, unconfirmed]. */
function takenRuns(model) {
  const steps = [...model.dose.taken, [model.today + 1, null, false]];
  return steps.slice(0, -1).map(([day, mcg, unconfirmed], i) => [day, steps[i + 1][0], mcg, unconfirmed])
    .filter(([day, until, mcg]) => mcg !== null && day <= model.today && day < until);
}

/* Points of a stepped line: one a change, a null where it breaks. */
function stepped(runs, { from = null, end = Infinity } = {}) {
  const points = [];
  if (from !== null && runs.length) points.push({ x: runs[0][0], y: from });
  runs.forEach(([first, until, mcg], i) => {
    points.push({ x: first, y: mcg });
    if (runs[i + 1]?.[0] === until) return;
    points.push({ x: Math.min(until, end), y: mcg }, { x: Math.min(until, end), y: null });
  });
  return points;
}

function datasetsOf(frame, colour) {
  const { dose, response } = frame.model, line = { yAxisID: "dose", stepped: "before", pointRadius: 0, borderJoinStyle: "miter" };
  const styles = {
    prescribed: { borderColor: colour["c-prescribed"], borderWidth: 1.25 },
    plan: { borderColor: colour["c-plan"], borderWidth: 2, borderDash: [5, 3] },
    ghost: { borderColor: colour["c-ghost"], borderWidth: 1, borderDash: [1.5, 2.5] },
  };
  const runs = takenRuns(frame.model);
  const kinds = [false, true].map((kind) => runs.flatMap((run, i) => {
    if (run[3] !== kind) return [];
    const before = runs[i - 1], riser = before && before[3] !== kind && before[1] === run[0];
    return riser ? [[run[0], run[0], before[2]], run] : [run];
  }));
  const [sure, unsure] = kinds.map((parts) => stepped(parts, { end: frame.now }));
  const scores = response.series.map((series) => {
    const main = series.key === "spasticity";
    const data = series.runs.flatMap((run) => [...run.map(([day, y]) => ({ x: day + NOON, y })), { x: run.at(-1)[0] + NOON, y: null }]);
    return { yAxisID: "score", data, borderColor: main ? colour["c-taken"] : colour["ink-2"], borderWidth: main ? 1.75 : 1.25,
      pointStyle: main ? "circle" : "rect", pointRadius: main ? 3.5 : 4.24, pointBorderWidth: main ? 0 : 1.5,
      pointBackgroundColor: main ? colour["c-taken"] : colour.bg, order: main ? 1 : 2 };
  });
  return [
    { ...line, order: 3, data: sure, borderColor: colour["c-taken"], borderWidth: 2.5 },
    { ...line, order: 4, data: unsure, borderColor: colour["c-taken"], borderWidth: 1.25 },
    ...dose.lines.map((part) => ({ ...line, ...styles[part.kind], order: 5, data: stepped(part.runs, { from: part.from_mcg }) })),
    ...scores,
  ];
}

/* Canvas strokes in the words of the SVG's classes. */
function penOf(ctx, colour) {
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
function labelsOf(pen, right) {
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
function spread(wanted) {
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

function drawBack(pen, frame) {
  const { colour } = pen, { dose } = frame.model, bottom = frame.height - AXIS;
  for (const [day] of dayTicks(frame)) pen.line(frame.x(day), DOSE[0], frame.x(day), bottom, colour["c-grid"]);
  for (const fall of dose.falls.filter((each) => frame.shows(each.first, each.until))) {
    const [left, right] = frame.span(fall.first, fall.until);
    pen.box(left, DOSE[0], Math.max(6, right - left), DOSE[1] - DOSE[0], { fill: colour["c-fall"] });
  }
  const axis = (value, y) => {
    pen.line(LEFT, y, frame.right, y, value ? colour["c-grid"] : colour.control);
    pen.text(String(value), LEFT - 8, y + 4, { anchor: "right" });
  };
  const top = (dose.top_mcg * 1.1) / 1000, step = TICK_MG.find((each) => top / each < 6) ?? 5000;
  for (let value = 0; value <= top; value += step) axis(value, frame.dose(value * 1000));
  for (const value of [0, 5, 10]) axis(value, frame.score(value));
  for (const [name, mcg] of limits(dose)) {
    const near = name === "ceiling";
    pen.line(LEFT, frame.dose(mcg), frame.right, frame.dose(mcg), near ? colour.ink : colour["ink-2"], near ? 2 : 1);
  }
}

const limits = (dose) => [["labelled maximum", dose.maximum_mcg], ...(dose.ceiling_mcg === null ? [] : [["ceiling", dose.ceiling_mcg]])];

function blockLines(frame, labels) {
  const block = (runs, end) => runs.filter(([first, until]) => frame.shows(first, until)).forEach(([first, until, mcg], i, all) => {
    const [left, right] = frame.span(first, Math.min(until, end)), y = frame.dose(mcg), before = all[i - 1];
    labels.block(left, y - 1.5, right, y + 1.5);
    if (before?.[1] === first) labels.block(left - 1, Math.min(y, frame.dose(before[2])), left + 1, Math.max(y, frame.dose(before[2])));
  });
  frame.model.dose.lines.forEach((line) => block(line.runs, frame.last));
  block(takenRuns(frame.model), frame.now);
  labels.block(0, DOSE[0] - 8, LEFT - 2, DOSE[1]);
  for (const [, mcg] of limits(frame.model.dose)) labels.block(LEFT, frame.dose(mcg) - 1, frame.right, frame.dose(mcg) + 1);
  labels.block(0, DOSE[1] - 1.5, frame.width, 240);
  labels.block(frame.x(frame.now) - 1, DOSE[0], frame.x(frame.now) + 1, DOSE[1]);
}

function drawFallWords(pen, frame, labels) {
  const marked = [];
  for (const fall of frame.model.dose.falls.toReversed().filter((each) => frame.shows(each.first, each.until))) {
    const x = frame.x(Math.max(fall.first, frame.first));
    if (marked.some(([other]) => Math.abs(other - x) < 18)) continue;
    marked.push([x, fall]); labels.block(x - 8, 2, x + 8, 22);
  }
  for (const [x, fall] of marked) {
    pen.line(x, 19, x, DOSE[0], pen.colour[fall.severity], 1.75); pen.mark(fall.severity, x, 12);
    const whole = frame.narrow || !fall.cause ? fall.words : `${fall.words}, ${fall.cause}`;
    const style = { strong: true, fill: fall.severity === "critical" ? pen.colour.critical : pen.colour.ink };
    [whole, fall.words].some((words) => labels.place(words, [[x - 12, 16, "right"], [x + 12, 16]], style));
  }
}

function drawDoseWords(pen, frame, labels) {
  const { colour } = pen, { dose } = frame.model, strong = { strong: true, fill: colour.ink, halo: true };
  const all = takenRuns(frame.model).filter(([first, until]) => frame.shows(first, until));
  const isDip = ([first]) => dose.notes.some((note) => note[0] <= first && first < note[1] && note[2].startsWith("missed"));
  const runs = all.filter((run) => !isDip(run)), last = runs.at(-1);
  const ends = (run) => frame.span(run[0], Math.min(run[1], frame.now));
  const places = (run) => {
    const [left, right] = ends(run), y = frame.dose(run[2]), middle = (left + right) / 2;
    return right - left <= NARROW_RUN ? [[middle, y - 6, "center"], [middle, y + 16, "center"]] : [[left + 4, y - 6], [left + 20, y - 6], [left + 4, y + 16]];
  };
  if (last) {
    const [left, right] = ends(last), y = frame.dose(last[2]) - 6, words = `${mg(last[2])} taken${last[3] ? ", unconfirmed" : ""}`;
    const beside = [[left - 6, y, "right"], [right - 6, y, "right"], [right + 8, y]];
    const tries = right - left < NARROW_RUN ? [...beside, ...places(last)] : [...places(last), ...beside];
    labels.place(words, tries, strong) || labels.place(mg(last[2]), places(last), strong);
  }
  runs.filter((run, i) => run !== last && runs[i - 1]?.[2] !== run[2]).sort((a, b) => b[1] - b[0] - (a[1] - a[0])).slice(0, MOST_FIGURES)
    .forEach((run) => labels.place(mg(run[2]), places(run), strong));
  for (const [first, until, text] of dose.notes) {
    const level = all.find((run) => run[0] <= first && first < run[1]);
    if (!level || !frame.shows(first, until)) continue;
    const [left, right] = frame.span(first, until), y = frame.dose(level[2]) + 16;
    const start = right - left > NARROW_RUN ? [left + 4, y] : [(left + right) / 2, y, "center"];
    labels.place(frame.narrow ? text.replace(/ doses$/, "") : text, [start, [left, y + 14], [right, y, "right"]], { halo: true });
  }
  dose.lines.toReversed().forEach((line) => drawLineWords(pen, frame, labels, line));
  drawDoubt(frame, labels, all);
}

function drawLineWords(pen, frame, labels, line) {
  if (line.kind === "ghost" && frame.narrow) return;
  let runs = line.runs.filter(([first, until]) => frame.shows(first, until)), words = line.label;
  if (!runs.length) return;
  if (line.kind === "plan") runs = [...runs.slice(2), ...runs.slice(0, 2)]; else runs.reverse();
  if (line.kind === "prescribed") { runs = runs.slice(0, 1); words = `${mg(runs[0][2])} ${words}`; }
  if (frame.narrow) words = words.replace(", version ", " v");
  const places = runs.flatMap(([first, until, mcg]) => {
    const [left, right] = frame.span(first, until), y = frame.dose(mcg);
    return [[left + 5, y - 6], [right + 4, y - 6], [right - 4, y - 6, "right"], [left - 5, y + 16, "right"], [left + 4, y + 16]];
  });
  labels.place(words, places, { halo: true, fill: line.kind === "plan" ? pen.colour["c-plan"] : pen.colour["ink-2"] });
}

/* What nobody confirmed and what nobody knows is said in words. */
function drawDoubt(frame, labels, runs) {
  const unsure = runs.filter((run) => run[3]);
  if (unsure.length > 1) {
    const [left] = frame.span(unsure[0][0], unsure[0][1]), y = frame.dose(unsure[0][2]);
    labels.place("unconfirmed", [[left + 4, y + 16], [left - 6, y + 16, "right"]], { halo: true });
  }
  const { taken } = frame.model.dose, { today } = frame.model;
  taken.forEach(([day, mcg], i) => {
    const until = Math.min(taken[i + 1]?.[0] ?? today + 1, today + 1);
    if (mcg !== null || day > today || !frame.shows(day, until)) return;
    const [left, right] = frame.span(day, until), middle = (left + right) / 2;
    labels.place("not known", [8, 24, 60].map((up) => [middle, DOSE[1] - up, "center"]), { halo: true });
  });
}

function drawLimitWords(pen, frame, labels) {
  for (const [name, mcg] of limits(frame.model.dose)) {
    const figure = `${mg(mcg)}${frame.narrow ? "" : "\u00a0mg/day"}`, y = frame.dose(mcg) - 6, middle = (LEFT + frame.right) / 2;
    const places = [[LEFT + 8, y], [frame.right, y, "right"], [middle, y, "center"],
      [LEFT + 8, y + 20], [middle, y + 20, "center"], [frame.right, y + 20, "right"]];
    [name, name.split(" ").at(-1)].some((word) => labels.place(`${word} ${figure}`, places, { halo: true }));
  }
}

function drawResponseWords(pen, frame) {
  const { series, gaps } = frame.model.response;
  const ends = series.map((one) => [one, one.runs.at(-1).at(-1)]).filter(([, [day]]) => frame.shows(day, day + 1));
  let lowest = RESPONSE[1] + 18;
  for (const [one, [day, value]] of ends.sort((a, b) => a[1][1] - b[1][1])) {
    const words = `${value} ${one.label}`, main = one.key === "spasticity", x = frame.x(day + NOON) + 10;
    const atEnd = x + pen.measure(words, main) > frame.width;
    lowest = Math.min(frame.score(value) + 4, lowest - 14);
    pen.text(words, atEnd ? x - 20 : x, lowest, { anchor: atEnd ? "right" : "left", strong: main, fill: main ? pen.colour.ink : pen.colour["ink-2"], halo: true });
  }
  const spans = gaps.filter(([from, until]) => frame.shows(from, until)).map(([from, until]) => frame.span(from, Math.min(until, frame.model.today)));
  if (!series.length) spans.push([LEFT, frame.x(frame.now)]);
  for (const [left, right] of spans) {
    if (right - left > pen.measure("no scores") + 12) pen.text("no scores", (left + right) / 2, 298, { anchor: "center", halo: true });
  }
}

function drawLanes(pen, frame) {
  frame.model.lanes.forEach((lane, i) => {
    const top = LANES + LANE * i;
    pen.line(0, top, frame.right, top, pen.colour["c-grid"]);
    pen.text(lane.label, 0, top + 16);
    drawLane(pen, frame, lane, top);
  });
  pen.line(0, frame.height - AXIS, frame.right, frame.height - AXIS, pen.colour.control);
}

function drawLane(pen, frame, lane, top) {
  const { colour } = pen, y = top + 12, { today } = frame.model, labels = labelsOf(pen, frame.width);
  const wanted = (day, width, severity) => [day === today ? frame.x(frame.now) + 3 + width / 2 : frame.x(day + NOON), width, RANK[severity] ?? 1];
  const boxes = { mild: [colour.bg, colour["ink-2"], 1.25], moderate: [colour["c-grid"], colour.ink, 1.5], severe: [colour.ink, colour.ink, 1] };
  labels.block(0, top, LEFT, top + LANE); labels.block(frame.x(frame.now) - 2, top, frame.x(frame.now) + 2, top + LANE);
  for (const [day, until] of lane.symbols.filter((each) => each[1] !== null && frame.shows(each[0], each[1]))) {
    const [left, right] = frame.span(day + NOON, Math.min(until, frame.now));
    if (right > left) pen.line(left, y, right, y, colour["ink-2"], 1.25);
  }
  for (const [first, until, words, isQuiet] of lane.bars.filter((each) => frame.shows(each[0], each[1]))) {
    const [left, right] = frame.span(first, Math.min(until, frame.now));
    pen.box(left, top + 4, Math.max(2, right - left), 16, { fill: colour.surface, stroke: colour["ink-2"] });
    if (!isQuiet) labels.place(words, [[right + 6, top + 16], [left - 6, top + 16, "right"]], { halo: true });
  }
  if (lane.note) {
    const x = frame.x(frame.now), fits = x + 6 + pen.measure(lane.note, true) <= frame.width;
    pen.text(lane.note, x + (fits ? 6 : -6), top + 16, { anchor: fits ? "left" : "right", strong: true, halo: true });
  }
  const symbols = lane.symbols.filter(([day]) => frame.shows(day, day + 1)), widthOf = (text) => (text.length === 1 ? 16 : 22);
  spread(symbols.map(([day, , text, severity]) => wanted(day, widthOf(text), severity))).forEach((center, i) => {
    const [day, , text, severity] = symbols[i], width = widthOf(text), [fill, stroke, edge] = boxes[severity] ?? boxes.mild;
    if (center === null) { pen.line(frame.x(day + NOON), y + 8, frame.x(day + NOON), y + 11, colour.control); return; }
    pen.box(center - width / 2, y - 8, width, 16, { fill, stroke, edge, radius: 4 });
    pen.text(text, center, y + 4, { anchor: "center", size: 11, strong: true, fill: severity === "severe" ? colour.bg : colour.ink });
  });
  const marks = lane.marks.filter(([day, severity], i, all) => frame.shows(day, day + 1) && !(all[i - 1]?.[0] === day && all[i - 1][1] === severity));
  spread(marks.map(([day, severity]) => wanted(day, 16, severity))).forEach((center, i) => center === null || pen.mark(marks[i][1], center, y));
}

function drawDays(pen, frame) {
  const x = frame.x(frame.now), bottom = frame.height - AXIS, labels = labelsOf(pen, frame.width);
  pen.line(x, DOSE[0], x, bottom + 6, pen.colour.ink);
  const today = short(frame.model.today), reach = pen.measure(today, true) / 2 + TODAY_ROOM / 2;
  labels.place(today, [[x, bottom + 20, "center"]], { strong: true, fill: pen.colour.ink });
  labels.block(x - reach, bottom + 10, x + reach, bottom + 23);
  for (const [day, words] of dayTicks(frame)) labels.place(words, [[frame.x(day), bottom + 20, "center"]]);
}

function drawFront(pen, frame) {
  const labels = labelsOf(pen, frame.width), title = { strong: true, fill: pen.colour.ink };
  labels.place(frame.narrow ? "mg/day" : "Dose, mg/day", [[0, 16]], title);
  blockLines(frame, labels);
  drawFallWords(pen, frame, labels);
  drawDoseWords(pen, frame, labels);
  drawLimitWords(pen, frame, labels);
  pen.text("Response, 0 to 10", 0, 236, title);
  drawResponseWords(pen, frame);
  pen.text("Events", 0, 360, title);
  drawLanes(pen, frame);
  drawDays(pen, frame);
}

function coloursOf(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/* Each band's scale covers the whole canvas, so that its own values fall into its band and one time axis serves all. */
function scalesOf(frame) {
  const over = ([top, bottom], max) => {
    const unit = max / (bottom - top);
    return { type: "linear", axis: "y", display: false, min: -(frame.height - bottom) * unit, max: bottom * unit };
  };
  const x = { type: "linear", axis: "x", display: false, min: frame.first, max: frame.last };
  return { x, dose: over(DOSE, frame.model.dose.top_mcg * 1.1), score: over(RESPONSE, 10) };
}

function draw(state) {
  const frame = frameOf(state.model, state.holder.clientWidth, state.range), colour = coloursOf(state.section);
  const bands = {
    id: "bands",
    beforeDatasetsDraw: ({ ctx }) => drawBack(penOf(ctx, colour), frame),
    afterDatasetsDraw: ({ ctx }) => drawFront(penOf(ctx, colour), frame),
  };
  state.chart?.destroy();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: frame.width, height: frame.height });
  state.holder.replaceChildren(canvas);
  state.chart = new Chart(canvas, {
    type: "line",
    data: { datasets: datasetsOf(frame, colour) },
    options: {
      animation: false, parsing: false, normalized: true, responsive: false, events: [], devicePixelRatio: window.devicePixelRatio,
      layout: { autoPadding: false, padding: { left: LEFT, right: frame.width - frame.right } },
      plugins: { legend: { display: false }, tooltip: { enabled: false } }, scales: scalesOf(frame),
    },
    plugins: [bands],
  });
  Object.assign(state.holder.dataset, { first: frame.first, last: frame.last, right: frame.right, width: frame.width });
  state.section.dispatchEvent(new CustomEvent("chart:drawn"));
}

const rangeOf = (link) => new URL(link.href).searchParams.get("range");

function choose(state, link) {
  state.range = rangeOf(link);
  for (const each of state.section.querySelectorAll(".segments a")) each.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  history.replaceState(history.state, "", link.href);
  draw(state);
}

function start(section) {
  const source = document.getElementById("chart-data"), plot = section.querySelector("[data-chart-plot]");
  if (!source || !plot) throw new Error("The chart needs its data and its plot.");
  const holder = document.createElement("div");
  holder.className = "chart-canvas"; holder.setAttribute("aria-hidden", "true");
  plot.prepend(holder);
  const model = JSON.parse(source.textContent);
  const current = section.querySelector(".segments a[aria-current]");
  const state = { section, holder, model, range: current ? rangeOf(current) : model.default_range, chart: null };
  section.classList.add("is-drawn");
  draw(state);
  section.addEventListener("click", (event) => {
    const link = event.target.closest(".segments a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(state, link);
  });
  const redraw = () => (section.isConnected ? draw(state) : state.chart.destroy());
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(query).addEventListener("change", redraw);
  new ResizeObserver(() => holder.clientWidth && holder.clientWidth !== Number(holder.dataset.width) && redraw()).observe(holder);
}

function startAll(root) {
  if (typeof Chart === "undefined") return;
  for (const section of root.querySelectorAll("[data-chart]:not(.is-drawn)")) start(section);
}

startAll(document);
document.addEventListener("htmx:load", (event) => startAll(event.target.parentElement ?? document));
