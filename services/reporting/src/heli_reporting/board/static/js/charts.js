// Charts as SVG, drawn by hand: a meter, a bar, lines over time. A table with the same figures stands behind each.

import { s } from "./dom.js";
import { percent } from "./words.js";

/** Return a meter of a share with a mark at its target. */
export function meter(value, target) {
  const full = s("rect", { class: "full", width: Number(value) * 100, height: 9, rx: 1 });
  const goal = target === null ? null : s("line", { class: "goal", x1: at(target), x2: at(target), y1: 0, y2: 9 });
  const track = s("rect", { class: "track", width: 100, height: 9, rx: 1 });
  // Drawn for the eye alone: the figures stand beside it as text.
  return s("svg", { class: "meter", viewBox: "0 0 100 9", preserveAspectRatio: "none", "aria-hidden": "true" },
    track, full, goal);
}

const at = (target) => Math.min(99.4, Number(target) * 100);

/** Return a bar that shows a share of a whole. */
export function bar(share, kind = "full", height = 8) {
  return s("svg", { class: "bar", viewBox: `0 0 100 ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    s("rect", { class: "track", width: 100, height }),
    s("rect", { class: kind, width: Math.max(share > 0 ? 0.6 : 0, share * 100), height }));
}

const WIDTH = 720;
const HEIGHT = 270;
const LEFT = 46;
const RIGHT = 76;
const TOP = 14;
const BOTTOM = 30;

/** Return lines over days; a day without a value leaves a hole. `series` are ids, `points` hold a cell for each. */
export function lines(title, series, points) {
  const values = points.flatMap((point) => series.map((id) => point[id].value)).filter((value) => value !== null);
  const [low, high] = span(values.map(Number));
  const x = (index) => LEFT + (index * (WIDTH - LEFT - RIGHT)) / Math.max(1, points.length - 1);
  const y = (value) => TOP + ((high - value) * (HEIGHT - TOP - BOTTOM)) / (high - low);
  const ends = spread(series.map((id) => points.at(-1)[id].value), y);
  return s("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title },
    rules(low, high, y),
    points.map((point, index) => dayLabel(point, index, points.length, x)),
    series.map((id, order) => line(id, order, points, x, y, ends[order])));
}

/** Return the part of 0 … 1 that the values need, on whole tenths, so that small moves can be seen. */
function span(values) {
  if (values.length === 0) return [0, 1];
  const low = Math.floor(Math.min(...values) * 10 - 0.2) / 10;
  const high = Math.ceil(Math.max(...values) * 10 + 0.2) / 10;
  return [Math.max(0, low), Math.min(1, Math.max(high, low + 0.2))];
}

function rules(low, high, y) {
  const step = high - low > 0.6 ? 0.2 : 0.1;
  const count = Math.round((high - low) / step);
  return Array.from({ length: count + 1 }, (_, index) => {
    const value = high - step * index;
    return s("g", {},
      s("line", { class: "rule", x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }),
      s("text", { x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" }, `${Math.round(value * 100)}%`));
  });
}

function dayLabel(point, index, count, x) {
  // Every other month: twelve labels would touch one another on a small screen.
  if ((count - 1 - index) % 2 === 1) return null;
  const label = index === count - 1 ? point.on.slice(5) : point.on.slice(0, 7);
  return s("text", { x: x(index), y: HEIGHT - 8, "text-anchor": "middle" }, label);
}

function line(id, order, points, x, y, end) {
  const runs = [];
  let run = [];
  points.forEach((point, index) => {
    if (point[id].value === null) {
      if (run.length) runs.push(run);
      run = [];
    } else {
      run.push([x(index), y(Number(point[id].value))]);
    }
  });
  if (run.length) runs.push(run);
  const last = points.at(-1)[id];
  return s("g", { class: `series-${order + 1}` },
    runs.map((each) => s("polyline", { class: "line", points: each.map((pair) => pair.join(",")).join(" ") })),
    runs.flat().map(([cx, cy]) => s("circle", { class: "dot", cx, cy, r: 2.6 })),
    last.value === null ? null : s("text", { class: "end", x: WIDTH - RIGHT + 10, y: end + 4 }, percent(last.value)));
}

/** Return where labels at the end of the lines stand: each at its line, pushed down where two would touch. */
function spread(values, y) {
  const order = values.map((value, index) => [value === null ? Infinity : y(Number(value)), index]);
  order.sort((a, b) => a[0] - b[0]);
  const places = [];
  let above = -Infinity;
  for (const [wanted, index] of order) {
    above = Math.max(wanted, above + 17);
    places[index] = above;
  }
  return places;
}
