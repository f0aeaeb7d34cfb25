// From everything that is registered to what is counted, with the reason for each that was left out.

import { bar } from "../charts.js";
import { figure } from "../drill.js";
import { h } from "../dom.js";
import { rowsLeftOut, rowsOf } from "../questions.js";
import { number, t } from "../words.js";

const COUNT = "enterprise_count";

/** Return the steps: all, each reason, and the base. */
export function funnel(tile, board) {
  const { registered, steps, base } = tile.figures;
  const share = (count) => (registered === 0 ? 0 : count / registered);
  const line = (id, name, kind, count, amount) =>
    h("li", { "data-reason": id }, h("span", {}, name), bar(share(count), kind, 16), h("span", { class: "amount" }, amount));
  return h("div", {},
    h("ol", { class: "steps" },
      line("registered", t("registered"), "all", registered, number(registered)),
      steps.map(({ reason, name, count }) =>
        line(reason, name, "left", count, ["−", figure(number(count), rowsLeftOut(name, reason), board)])),
      line("base", t("base"), "kept", base, figure(number(base), rowsOf(COUNT, t("base"), {}, "numerator"), board))));
}
