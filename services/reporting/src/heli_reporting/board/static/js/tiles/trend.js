// The last twelve months as lines, with the table behind them and, where the service tells it, why it changed.

import { get } from "../api.js";
import { drawnWidth, lines } from "../charts.js";
import { figure } from "../drill.js";
import { h, table } from "../dom.js";
import { rowsOfCause } from "../questions.js";
import { aside, number, shown, t } from "../words.js";

/** Return the lines, their key and their table; the causes come in later. */
export function trend(tile, board) {
  const { measures, points } = tile.figures;
  const ids = measures.map(({ measure }) => measure);
  const columns = measures.map(({ measure, name }) => ({ title: name, number: true, cell: (point) => shown(point[measure]) }));
  const causes = h("div", { class: "causes", "aria-busy": String("change" in board.links) });
  if (board.links.change) showCauses(causes, board.links.change, measures[0], points, board);
  return h("div", {},
    h("ul", { class: "key" },
      measures.map(({ name }, index) => h("li", { class: `series-${index + 1}` }, h("i"), name))),
    drawn((width) => lines(`${tile.title} ${t("chartOf")}`, ids, points, width)),
    causes,
    h("details", {}, h("summary", {}, t("data")),
      table(tile.title, [{ title: t("day"), cell: (point) => point.on }, ...columns], points)));
}

/** Return a chart that is drawn anew when its frame gets another width. */
function drawn(draw) {
  let width = drawnWidth(Infinity);
  const place = h("div", { class: "frame" }, draw(width));
  new ResizeObserver(([{ contentRect }]) => {
    // A tile that is not shown has no width; what was drawn for the last one stays.
    if (contentRect.width === 0 || drawnWidth(contentRect.width) === width) return;
    width = drawnWidth(contentRect.width);
    // Not within the observer: a frame whose height changes there is told at once again, which browsers call an error.
    requestAnimationFrame(() => place.replaceChildren(draw(width)));
  }).observe(place);
  return place;
}

async function showCauses(place, path, { measure, name }, points, board) {
  const [from, to] = [points[0].on, board.on];
  const known = Object.entries(board.known_at).map(([source, seq]) => ["known_at", `${source}:${seq}`]);
  try {
    const { total } = await get(path.slice(1), [["measure", measure], ["from", from], ["to", to], ...known]);
    if (total.causes.length === 0) return;
    const title = `${t("changeCauses")} · ${name} ${from} → ${to}`;
    place.replaceChildren(h("h3", {}, title), table(title, causeColumns(board), total.causes));
  } catch {
    place.replaceChildren(); // a definition that changed in between has no causes: the lines say enough
  } finally {
    place.removeAttribute("aria-busy");
  }
}

function causeColumns(board) {
  return [
    { title: t("why"), cell: ({ cause, reason }) => cause.name + (reason === null ? "" : aside(reason.name)) },
    { title: t("numerator"), number: true, cell: (each) => signed(each.numerator) },
    { title: t("denominator"), number: true, cell: (each) => signed(each.denominator) },
    { title: t("records"), number: true, cell: (each) => figure(number(each.records), rowsOfCause(each), board) },
  ];
}

const signed = (count) => (count > 0 ? `+${number(count)}` : count === 0 ? "0" : `−${number(-count)}`);
