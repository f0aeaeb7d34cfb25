// Who lacks what is asked of them: how many by each duty, and those that have lacked it longest.

import { figure } from "../drill.js";
import { choice, h, table } from "../dom.js";
import { gapColumns, gapsOf } from "../questions.js";
import { firstOf, number, t } from "../words.js";

let current = null;

/** Return the choice of a duty, its count and the longest overdue. */
export function gaps(tile, board) {
  const { lists } = tile.figures;
  current ??= lists[0].measure;
  const place = h("div", {});
  const draw = () => {
    const list = lists.find(({ measure }) => measure === current);
    const title = `${t("gap")} · ${list.name}`;
    place.replaceChildren(
      h("p", { class: "all" }, `${t("of")} `, figure(number(list.total), gapsOf(list.measure, title), board),
        [` ${t("rows")}`, firstOf(list.head.length, list.total)].filter(Boolean).join(" · ")),
      list.total === 0 ? h("p", { class: "empty" }, t("nobody")) : table(list.name, gapColumns(), list.head));
  };
  draw();
  const options = lists.map(({ measure, name, total }) => ({ id: measure, label: `${name} ${number(total)}` }));
  return h("div", {},
    choice(t("measure"), "gaps", options, current, (id) => {
      current = id;
      draw();
    }),
    place);
}
