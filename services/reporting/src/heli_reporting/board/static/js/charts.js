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

const WIDEST = 720;
const NARROWEST = 320;
const HEIGHT = 270;
const LEFT = 46;
const RIGHT = 76;
const TOP = 14;
const BOTTOM = 30;
const APART = 17;
const LABEL = 58;

/** Return how wide lines are drawn for a frame: letters keep their size in a narrow one, and grow in a wide one. */
export const drawnWidth = (frame) => Math.round(Math.min(WIDEST, Math.max(NARROWEST, frame)));

/** Return lines over days; a day without a value leaves a hole. `series` are ids, `points` hold a cell for each. */
export function lines(title, series, points, width = WIDEST) {
  const values = points.flatMap((point) => series.map((id) => point[id].value)).filter((value) => value !== null);
  const marks = scale(values.length === 0 ? [0, 1] : values.map(Number));
  const [low, high] = [marks[0] / 10, marks.at(-1) / 10];
  const between = (width - LEFT - RIGHT) / Math.max(1, points.length - 1);
  const x = (index) => LEFT + index * between;
  const y = (value) => TOP + ((high - value) * (HEIGHT - TOP - BOTTOM)) / (high - low);
  const ends = spread(series.map((id) => points.at(-1)[id].value), y);
  return s("svg", { class: "chart", viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": title },
    marks.map((mark) => rule(mark, y(mark / 10), width)),
    labelled(points, between).map((index) => dayLabel(points, index, x)),
    series.map((id, order) => line(id, order, points, x, y, { x: width - RIGHT + 10, y: ends[order] + 4 })));
}

/**
 * Return the tenths at which rules are drawn, from the lowest to the highest: the part of 0 … 10 that the values need,
 * so that small moves can be seen. Both ends are rules, so that no line lies outside and none below the days.
 */
function scale(values) {
  const low = Math.max(0, Math.floor(Math.min(...values) * 10 - 0.2));
  const most = Math.min(10, Math.max(Math.ceil(Math.max(...values) * 10 + 0.2), low + 2));
  const least = Math.min(low, most - 2);
  const step = most - least > 6 ? 2 : 1;
  const [from, to] = [Math.floor(least / step), Math.ceil(most / step)];
  return Array.from({ length: to - from + 1 }, (_, index) => (from + index) * step);
}

function rule(tenths, y, width) {
  return s("g", {},
    s("line", { class: "rule", x1: LEFT, x2: width - RIGHT, y1: y, y2: y }),
    s("text", { class: "mark", x: LEFT - 8, y: y + 4, "text-anchor": "end" }, `${tenths * 10}%`));
}

/** Return the days that are named: the last one, and before it as many as do not touch one another. */
function labelled(points, between) {
  const each = Math.ceil(LABEL / between);
  return [...points.keys()].filter((index) => (points.length - 1 - index) % each === 0);
}

function dayLabel(points, index, x) {
  const { on } = points[index];
  const label = index === points.length - 1 ? on.slice(5) : on.slice(0, 7);
  return s("text", { class: "day", x: x(index), y: HEIGHT - 8, "text-anchor": "middle" }, label);
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
    last.value === null ? null : s("text", { class: "end", ...end }, percent(last.value)));
}

/** Return where labels at the end of the lines stand: each at its line, pushed apart where two would touch. */
function spread(values, y) {
  const order = values.map((value, index) => [y(Number(value)), index]).filter(([, index]) => values[index] !== null);
  order.sort((a, b) => a[0] - b[0]);
  const places = [];
  let above = -Infinity;
  for (const [wanted, index] of order) {
    above = Math.max(wanted, above + APART);
    places[index] = above;
  }
  // Whoever was pushed below the lowest rule would stand among the days: push back up.
  let below = HEIGHT - BOTTOM + APART;
  for (const [, index] of order.reverse()) {
    below = Math.min(places[index], below - APART);
    places[index] = below;
  }
  return places;
}
