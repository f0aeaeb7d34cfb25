// What is due or overdue: how much of each kind, and the most urgent lines.

import { figure } from "../drill.js";
import { h, table } from "../dom.js";
import { subscribing } from "../subscribing.js";
import { workColumns, workOf } from "../questions.js";
import { firstOf, number, t } from "../words.js";

/** Return the counts by kind and the head of the list. */
export function worklist(tile, board) {
  const { total, counts, head } = tile.figures;
  if (total === 0) return h("p", { class: "empty" }, t("nothingDue"));
  const kinds = counts.map(({ kind, name, count }) =>
    h("li", { "data-kind": kind }, `${name} `, figure(number(count), workOf(name, kind), board)));
  const all = h("li", { "data-kind": "" }, `${t("of")} `, figure(number(total), workOf(tile.title, null), board));
  const first = firstOf(head.length, total);
  return h("div", {},
    h("ul", { class: "key counts" }, all, kinds),
    subscribing(tile.readers.unit),
    first === null ? null : h("p", { class: "all" }, first),
    table(tile.title, workColumns().map(late), head));
}

/** Show overdue days in words beside the ordinary columns. */
function late(column) {
  if (column.title !== t("days")) return column;
  const cell = ({ days }) => (days !== null && days < 0
    ? h("span", { class: "late" }, `${t("overdue")} ${-days} ${t("daysWord")}`)
    : days);
  return { ...column, cell };
}
