/* The focus line: one day through all bands, by pointer and by keyboard (left and right by change, Home and End), its values in the
   readout. Works over the canvas and, without Chart.js, over the server's SVG; both say in data attributes which days they show. */

import { LEFT, NOON, dateOf, mg, short } from "./chart_scale.js";

const SCORE_DAYS = 28;
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

const long = (day) => `${WEEKDAYS[dateOf(day).getUTCDay()]} ${short(day)} ${dateOf(day).getUTCFullYear()}`;
const perDay = (mcg) => `${mg(mcg)}\u00a0mg/day`;
const latest = (items, day) => items.findLast((item) => item[0] <= day);

function takenOn(model, day) {
  const step = day > model.today ? undefined : latest(model.dose.taken, day);
  if (!step) return "";
  return step[1] === null ? "not known" : perDay(step[1]) + (step[2] ? ", unconfirmed" : "");
}

function planOn(model, day) {
  const runs = model.dose.lines.filter((line) => line.kind === "plan").flatMap((line) => line.runs);
  const run = runs.find(([first, until]) => first <= day && day < until);
  return run ? perDay(run[2]) : "";
}

function scoreOn(series, day) {
  const score = latest(series.runs.flat(), day);
  if (!score || day - score[0] > SCORE_DAYS) return "";
  return score[0] === day ? String(score[1]) : `${score[1]} on ${short(score[0])}`;
}

/* Every day that says something new, and the words of what happened on it. */
function eventsOf(model) {
  const words = new Map(), add = (day, text) => words.set(day, [...(words.get(day) ?? []), text]);
  for (const fall of model.dose.falls) add(fall.first, fall.cause ? `${fall.words}, ${fall.cause}` : fall.words);
  for (const [day, , text] of model.dose.notes) add(day, text);
  for (const lane of model.lanes) {
    for (const symbol of lane.symbols) add(symbol[0], symbol[4]);
    for (const bar of lane.bars) add(bar[0], bar[2]);
    for (const [day, severity, text] of lane.marks) add(day, `${severity}: ${text}`);
  }
  return words;
}

function stopsOf(model, events) {
  const days = [model.today, ...events.keys(), ...model.dose.prescribed.map((step) => step[0])];
  days.push(...model.dose.taken.filter((step) => step[0] <= model.today).map((step) => step[0]));
  for (const line of model.dose.lines) if (line.kind === "plan") days.push(...line.runs.map((run) => run[0]));
  for (const series of model.response.series) days.push(...series.runs.flat().map((score) => score[0]));
  return [...new Set(days)].sort((a, b) => a - b);
}

function valuesOn({ model, events }, day) {
  const prescribed = latest(model.dose.prescribed, day)?.[1] ?? null;
  return [
    ["taken", takenOn(model, day)], ["prescribed", prescribed === null ? "" : perDay(prescribed)], ["plan", planOn(model, day)],
    ...model.response.series.map((series) => [series.label, scoreOn(series, day)]),
    ...(events.get(day) ?? []).map((words) => ["", words]),
  ].filter(([, value]) => value);
}

function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

/* The picture on screen now, and where its days are. */
function pictureOf(plot) {
  const shown = [...plot.querySelectorAll(".chart-canvas, svg[data-first]")].find((each) => each.getBoundingClientRect().width > 0);
  if (!shown) return null;
  const box = shown.getBoundingClientRect(), { first, last, right } = shown.dataset;
  const width = shown.viewBox ? shown.viewBox.baseVal.width : Number(shown.dataset.width), scale = box.width / width;
  return { box, scale, first: Number(first), last: Number(last), right: Number(right) };
}

function show(state, day) {
  const picture = pictureOf(state.plot);
  if (!picture) return;
  state.day = Math.min(Math.max(day, Math.ceil(picture.first)), Math.floor(picture.last - NOON));
  const { first, last, right, scale, box } = picture, origin = state.plot.getBoundingClientRect();
  const x = (LEFT + ((state.day + NOON - first) / (last - first)) * (right - LEFT)) * scale;
  Object.assign(state.line.style, {
    left: `${box.left - origin.left + state.plot.scrollLeft + x}px`, top: `${box.top - origin.top + 32 * scale}px`, height: `${box.height - 54 * scale}px`,
  });
  state.line.hidden = state.day === state.model.today;
  state.plot.setAttribute("aria-valuenow", state.day);
  state.plot.setAttribute("aria-valuetext", long(state.day));
  const values = valuesOn(state, state.day).map(([label, value]) => element("span", label ? `${label} ` : "", element("b", value)));
  state.readout.replaceChildren(element("b", long(state.day)), ...values, ...state.hint);
}

function moved(state, key) {
  const picture = pictureOf(state.plot);
  const stops = state.stops.filter((day) => picture && day >= picture.first && day + NOON <= picture.last);
  if (key === "ArrowLeft") return stops.findLast((day) => day < state.day);
  if (key === "ArrowRight") return stops.find((day) => day > state.day);
  return key === "Home" ? stops[0] : stops.at(-1);
}

function listen(state) {
  const { plot } = state;
  let waiting = 0;
  plot.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const day = moved(state, event.key);
    if (day !== undefined) show(state, day);
  });
  plot.addEventListener("pointermove", (event) => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => {
      const picture = pictureOf(plot);
      if (!picture) return;
      const x = (event.clientX - picture.box.left) / picture.scale, { first, last, right } = picture;
      if (x >= LEFT && x <= right) show(state, Math.floor(first + ((x - LEFT) / (right - LEFT)) * (last - first)));
    });
  });
  plot.addEventListener("pointerleave", () => { cancelAnimationFrame(waiting); show(state, state.model.today); });
  state.section.addEventListener("chart:drawn", () => show(state, state.day));
}

function start(section) {
  const source = document.getElementById("chart-data");
  const [plot, readout] = ["[data-chart-plot]", ".readout"].map((selector) => section.querySelector(selector));
  if (!source || !plot || !readout) throw new Error("The focus line needs the chart's data, its plot and its readout.");
  const model = JSON.parse(source.textContent), events = eventsOf(model), line = element("div");
  line.className = "chart-focus";
  plot.append(line);
  const attributes = { tabindex: 0, role: "slider", "aria-label": "Day shown", "aria-valuemin": model.first, "aria-valuemax": model.last };
  for (const [name, value] of Object.entries(attributes)) plot.setAttribute(name, value);
  const state = { section, plot, readout, model, events, line, day: model.today, stops: stopsOf(model, events), hint: readout.querySelectorAll(".hint") };
  section.classList.add("has-focus-line");
  listen(state);
  show(state, state.day);
}

function startAll(root) {
  for (const section of root.querySelectorAll("[data-chart]:not(.has-focus-line)")) start(section);
}

startAll(document);
document.addEventListener("htmx:load", (event) => startAll(event.target.parentElement ?? document));
