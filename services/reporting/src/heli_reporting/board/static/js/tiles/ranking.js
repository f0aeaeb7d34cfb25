// Departments by their announced score, and units by the coverage of the enterprises they answer for.

import { get } from "../api.js";
import { bar } from "../charts.js";
import { drill, figure, show } from "../drill.js";
import { h, table } from "../dom.js";
import { rowsOf } from "../questions.js";
import { firstOf, number, shown, t } from "../words.js";

const MOST = 10;

/** Return the two rankings. */
export function ranking(tile, board) {
  const { cycle, departments, units } = tile.figures;
  const scores = cycle === null || departments.length === 0
    ? h("p", { class: "empty" }, t("noCycle"))
    : [h("h3", {}, `${cycle.title} · ${cycle.counted_on}`), table(cycle.title, scoreColumns(), departments)];
  const first = sorted(units).slice(0, MOST);
  return h("div", { class: "two" },
    h("div", {}, scores),
    h("div", {},
      h("h3", {}, [t("byUnit"), firstOf(first.length, units.rows.length)].filter(Boolean).join(" · ")),
      table(t("byUnit"), unitColumns(units, board), first)));
}

function scoreColumns() {
  return [
    { title: t("rank"), number: true, cell: (row) => row.rank },
    { title: t("department"), cell: (row) => row.unit.name },
    { title: t("score"), number: true, cell: (row) => row.score },
    { title: t("grade"), short: true, cell: (row) => row.grade },
    {
      title: t("explanation"),
      short: true,
      cell: (row) => (row.explanation === null ? null : explanationButton(row)),
    },
  ];
}

function explanationButton(row) {
  return h("button", { type: "button", class: "figure", on: { click: () => explain(row) } },
    t("explanation"), h("span", { class: "quiet" }, ` ${row.unit.name}`));
}

/** Show what assessment says of each item; where it does not stand beside this page, show its address. */
async function explain(row) {
  const title = `${row.unit.name} · ${t("explanation")}`;
  const body = h("div", { class: "body", tabindex: "0" });
  const address = `assessment${row.explanation}`;
  show(title, [], body, null);
  if (!location.pathname.endsWith("/reporting/")) {
    body.append(h("p", {}, t("elsewhere")), h("code", {}, address));
    return;
  }
  try {
    const told = await get(`../${address}`);
    body.append(table(title, [
      { title: t("item"), cell: (item) => item.title },
      { title: t("points"), number: true, cell: (item) => `${item.points} / ${item.maximum}` },
      { title: t("whyNotFull"), cell: (item) => item.why_not_full },
      { title: t("basis"), cell: (item) => item.basis },
    ], told.items));
  } catch (error) {
    body.append(h("p", {}, error.message));
  }
}

const sorted = ({ rows, measures }) => {
  const [{ measure }] = measures;
  const value = (row) => (row[measure].value === null ? -1 : Number(row[measure].value));
  return [...rows].sort((a, b) => value(b) - value(a) || b[measure].denominator - a[measure].denominator);
};

function unitColumns({ measures }, board) {
  const [first, ...others] = measures;
  const open = (row, { measure, name }, part) =>
    rowsOf(measure, `${row.unit.name} · ${name}`, row[measure], part, [["unit", row.unit.code ?? "unknown"]]);
  return [
    { title: t("unit"), short: true, cell: (row) => row.unit.name },
    { title: first.name, cell: (row) => bar(Number(row[first.measure].value ?? 0)) },
    { title: "", number: true, cell: (row) => shown(row[first.measure]) },
    {
      title: `${t("numerator")} / ${t("denominator")}`,
      number: true,
      cell: (row) => h("span", {},
        figure(number(row[first.measure].numerator), open(row, first, "numerator"), board), " / ",
        figure(number(row[first.measure].denominator), open(row, first, "denominator"), board)),
    },
    ...others.map((other) => ({
      title: other.name,
      number: true,
      cell: (row) => h("button", { type: "button", class: "figure", on: { click: () => drill(open(row, other, "gap"), board) } },
        shown(row[other.measure]) ?? "–"),
    })),
  ];
}
