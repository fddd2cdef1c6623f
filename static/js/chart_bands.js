/* What the canvas shows behind and over its lines: grid, falls, figures and words of the doses, scores, events, days. */

import { labelsOf, spread } from "./chart_pen.js";
import { AXIS, DOSE, LANE, LANES, LEFT, NOON, RESPONSE, dayTicks, limits, mg, short, takenRuns } from "./chart_scale.js";

const TODAY_ROOM = 16, NARROW_RUN = 60, MOST_FIGURES = 60;
const TICK_MG = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000];
const RANK = { mild: 1, moderate: 2, severe: 3, info: 1, caution: 2, high: 3, critical: 4 };

export function drawBack(pen, frame) {
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
    const [left, right] = ends(last), y = frame.dose(last[2]), words = `${mg(last[2])} taken${last[3] ? ", unconfirmed" : ""}`;
    const [above, below] = [y - 6, y + 16].map((at) => [[left - 6, at, "right"], [right - 6, at, "right"], [right + 8, at]]);
    const tries = right - left < NARROW_RUN ? [...above, ...places(last), ...below] : [...places(last), ...above, ...below];
    [words, mg(last[2])].some((text) => labels.place(text, tries, strong));
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

export function drawFront(pen, frame) {
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
