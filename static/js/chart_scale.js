/* Where days, doses and scores stand on the chart: the same bands and numbers as titration/charts/scale.py, at any width. */

export const LEFT = 72, DOSE = [32, 208], RESPONSE = [252, 332], LANES = 372, LANE = 24, AXIS = 28, NOON = 0.5;
const RANGE_DAYS = { "1m": 30, "3m": 91, "6m": 182 };
const EPOCH = 719163, DAY_MS = 86400000, NARROW = 560;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export const dateOf = (day) => new Date((day - EPOCH) * DAY_MS);
const dayOf = (year, month) => Date.UTC(year, month, 1) / DAY_MS + EPOCH;
export const short = (day) => `${dateOf(day).getUTCDate()} ${MONTHS[dateOf(day).getUTCMonth()]}`;
export const mg = (mcg) => String(Math.round(mcg / 100) / 10);

/* Pixels right of today for the words at the ends of the lines. */
function labelRoom(model, width) {
  if (width < NARROW) return 90;
  return Math.max(104, ...model.dose.lines.filter((line) => line.kind === "plan").map((line) => 7 * line.label.length + 24));
}

/* Which days a range shows; the rule of frame_of in scale.py. */
export function frameOf(model, width, range) {
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

export function dayTicks(frame) {
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
export function takenRuns(model) {
  const steps = [...model.dose.taken, [model.today + 1, null, false]];
  return steps.slice(0, -1).map(([day, mcg, unconfirmed], i) => [day, steps[i + 1][0], mcg, unconfirmed])
    .filter(([day, until, mcg]) => mcg !== null && day <= model.today && day < until);
}

export const limits = (dose) => [["labelled maximum", dose.maximum_mcg], ...(dose.ceiling_mcg === null ? [] : [["ceiling", dose.ceiling_mcg]])];
