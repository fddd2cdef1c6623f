/* The stacked chart as a canvas over the server's picture, any width, ranges without a reload. Without Chart.js (blocked, tampered
   with) the SVG stays. The focus line is chart_focus.js, for both. */

import { drawBack, drawFront } from "./chart_bands.js";
import { coloursOf, penOf } from "./chart_pen.js";
import { DOSE, LEFT, NOON, RESPONSE, frameOf, takenRuns } from "./chart_scale.js";

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
