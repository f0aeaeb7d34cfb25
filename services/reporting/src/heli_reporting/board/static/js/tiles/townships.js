// Townships as equal squares, darker where the share is higher: no outline of a map makes a large empty one look big.

import { drill } from "../drill.js";
import { choice, h, table } from "../dom.js";
import { placeColumn } from "../places.js";
import { rowsOf } from "../questions.js";
import { number, shown, t } from "../words.js";

const BOUNDS = [0.2, 0.4, 0.6, 0.8];
let current = null;

/** Return the squares with the choice of a measure, their scale, and the table behind them. */
export function townships(tile, board) {
  const { measures, rows } = tile.figures;
  const shares = measures.filter(({ measure }) => measure !== "enterprise_count");
  current ??= shares[0].measure;
  const map = h("ul", { class: "map" });
  const draw = () => map.replaceChildren(...rows.map((row) => square(row, named(shares, current), board)));
  draw();
  if (rows.length === 0) return h("p", { class: "empty" }, t("nobody"));
  const options = shares.map(({ measure, name }) => ({ id: measure, label: name }));
  return h("div", {},
    choice(t("measure"), "townships", options, current, (id) => {
      current = id;
      draw();
    }),
    map,
    scale(),
    h("details", {}, h("summary", {}, t("data")), figures(tile, measures, rows)));
}

const named = (measures, id) => measures.find(({ measure }) => measure === id);

function square(row, { measure, name }, board) {
  const cell = row[measure];
  const place = row.division;
  const filters = [["division", place.code ?? "unknown:town"]];
  const open = () => drill(rowsOf(measure, `${place.name} · ${name}`, cell, "denominator", filters), board);
  const step = cell.value === null ? "step-none" : `step-${BOUNDS.filter((bound) => Number(cell.value) >= bound).length}`;
  return h("li", {},
    h("button", { type: "button", class: `place ${step}`, "data-code": place.code, on: { click: open } },
      h("b", {}, place.name),
      h("span", {}, shown(cell) ?? "–"),
      h("small", {}, `${number(cell.numerator)} / ${number(cell.denominator)}`)));
}

function scale() {
  const edges = [0, ...BOUNDS, 1].map((edge) => `${edge * 100}%`);
  return h("ul", { class: "scale" },
    BOUNDS.concat(1).map((_, step) => h("li", {}, h("i", { class: `step-${step}` }), `${edges[step]}–${edges[step + 1]}`)));
}

function figures(tile, measures, rows) {
  const columns = measures.map(({ measure, name }) => ({ title: name, number: true, cell: (row) => shown(row[measure]) }));
  return table(tile.title, [placeColumn(), ...columns], rows);
}
