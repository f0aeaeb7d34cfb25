// What to ask for the rows behind each kind of figure, and which columns they are shown in.

import { h } from "./dom.js";
import { nameOf } from "./names.js";
import { placeColumn } from "./places.js";
import { listed, t } from "./words.js";

const PARTS = ["numerator", "denominator", "gap", "excluded"];
const COUNT_PARTS = ["numerator", "excluded"];
const ORGANIZATIONS = "organization_count";

const named = (group) => group?.name ?? null;

const enterprises = (part) => [
  { title: t("name"), cell: (row) => row.name },
  { title: t("code"), cell: (row) => row.uscc },
  placeColumn(),
  { title: t("unit"), cell: (row) => named(row.unit) },
  { title: t("staff"), number: true, cell: (row) => row.staff },
  { title: t("members"), number: true, cell: (row) => row.full_members },
  part === "excluded"
    ? { title: t("reason"), cell: (row) => nameOf("reason", row.reason) }
    : { title: t("cover"), cell: (row) => nameOf("organization_cover", row.organization_cover) },
];

const organizations = () => [
  { title: t("name"), cell: (row) => row.name },
  { title: t("code"), cell: (row) => row.id },
  placeColumn(),
  { title: t("members"), number: true, cell: (row) => row.full_members },
  { title: t("elected"), short: true, cell: (row) => row.elected_on },
];

/** Return the question for the rows of a part of a measure, narrowed by filters such as [["division", code]]. */
export function rowsOf(measure, name, cell, part, filters = []) {
  return {
    title: name,
    path: "v1/statistics/rows",
    params: [["measure", measure], ...filters],
    parts: cell.denominator === undefined ? COUNT_PARTS : PARTS,
    part,
    columns: measure === ORGANIZATIONS ? organizations : enterprises,
  };
}

/** Return the question for the enterprises that a reason left out; null for all that were left out or kept. */
export function rowsLeftOut(name, reason) {
  return {
    title: name,
    path: "v1/statistics/rows",
    params: [["measure", "enterprise_count"], ["reason", reason], ["part", "excluded"]],
    columns: enterprises("excluded"),
  };
}

/** Return the question for the rows behind a cause of a change; its link names day and knowledge by itself. */
export function rowsOfCause({ cause, rows }) {
  const [path, query] = rows.slice(1).split("?");
  return {
    title: cause.name,
    path,
    params: [...new URLSearchParams(query)],
    isPinned: true,
    columns: [
      { title: t("name"), cell: (row) => row.name },
      { title: t("code"), cell: (row) => row.uscc ?? row.id },
      { title: t("numerator"), number: true, cell: (row) => row.numerator },
      { title: t("denominator"), number: true, cell: (row) => row.denominator },
    ],
  };
}

/** Return the question for a whole gap list. */
export function gapsOf(measure, name) {
  return { title: name, path: "v1/gaps", params: [["measure", measure]], columns: gapColumns() };
}

/** Return the columns of a gap list. */
export function gapColumns() {
  return [
    { title: t("name"), cell: (row) => row.name ?? row.uscc },
    placeColumn(),
    { title: t("why"), cell: (row) => row.reason },
    { title: t("gapCauses"), cell: (row) => listed(row.causes.map(({ cause_name }) => cause_name)) },
    // Days since it was recorded are no more than that: what began it stands below.
    { title: t("since"), short: true, cell: (row) => [row.since, h("small", {}, row.began_name)] },
    { title: t("days"), number: true, cell: (row) => row.days_overdue },
  ];
}

/** Return the question for the lines of a kind of work, or for all lines. */
export function workOf(name, kind) {
  return { title: name, path: "v1/worklists", params: [["kind", kind]], columns: workColumns() };
}

/** Return the columns of a worklist. */
export function workColumns() {
  return [
    { title: t("what"), cell: (line) => line.kind_name },
    { title: t("name"), cell: (line) => line.subject.name ?? line.subject.id },
    { title: t("unit"), cell: (line) => named(line.unit) },
    { title: t("why"), cell: (line) => line.detail },
    { title: t("due"), short: true, cell: (line) => line.due_on },
    { title: t("days"), number: true, cell: (line) => line.days },
  ];
}
