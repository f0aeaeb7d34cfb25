// Coverage cards: the share, what it was counted from, and how far its target is.

import { meter } from "../charts.js";
import { figure } from "../drill.js";
import { h } from "../dom.js";
import { rowsOf } from "../questions.js";
import { number, percent, shown, t } from "../words.js";

/** Return the cards of a tile. */
export function cards(tile, board) {
  return h("ul", { class: "card-list" }, tile.figures.cards.map((card) => one(card, board)));
}

function one(card, board) {
  const { measure, name, cell, target } = card;
  const isShare = cell.denominator !== undefined;
  const ask = (part) => rowsOf(measure, name, cell, part);
  const text = shown(cell);
  const value = text === null
    ? h("p", { class: "value" }, "–", h("small", {}, t("noValue")))
    : h("p", { class: "value" }, isShare ? whole(text) : figure(text, ask("numerator"), board));
  return h("li", { class: "card", "data-measure": measure },
    h("h3", {}, name),
    value,
    isShare && text !== null ? meter(cell.value, target?.value ?? null) : null,
    isShare
      ? h("p", { class: "parts" },
        figure(number(cell.numerator), ask("numerator"), board), " / ",
        figure(number(cell.denominator), ask("denominator"), board))
      : null,
    targetLine(target, isShare));
}

function whole(text) {
  return [text.slice(0, -1), h("small", {}, "%")];
}

function targetLine(target, isShare) {
  if (target === null) return h("p", { class: "target" });
  const rest = target.missing === 0 ? t("met") : `${t("missing")} ${number(target.missing)}`;
  return h("p", { class: target.missing === 0 ? "target met" : "target", title: target.basis },
    [`${t("target")} ${isShare ? percent(target.value).replace(".00", "") : target.value}`, rest, target.due_on]
      .filter((part) => part !== null).join(" · "));
}
