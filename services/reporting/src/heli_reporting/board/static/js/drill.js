// From a figure to exactly its rows: a dialog that reads them page by page, as of the day and knowledge of the board.

import { get } from "./api.js";
import { choice, h, table } from "./dom.js";
import { learnNames } from "./names.js";
import { aside, number, t } from "./words.js";

const PAGE = 50;
let open = null;

/** Close the dialog, if one is open. */
export const closeDrill = () => open?.close();

/** Return a button that shows a figure and opens its rows. */
export function figure(text, question, board) {
  return h("button", { type: "button", class: "figure", on: { click: () => drill(question, board) } }, text);
}

/**
 * Open the rows of a question: {title, path, params, columns, parts, part, isPinned}.
 *
 * The board's day and seqs go along, so that the rows are those of the figure even when new data came in meanwhile.
 */
export async function drill(question, board) {
  const known = Object.entries(board.known_at).map(([name, seq]) => ["known_at", `${name}:${seq}`]);
  const pins = question.isPinned ? [] : [["on", board.on], ...known];
  const body = h("div", { class: "body", tabindex: "0", role: "region", "aria-label": question.title });
  const count = h("p", { class: "count", role: "status" });
  const more = h("button", { type: "button", on: { click: () => next() } }, t("more"));
  let part = question.part ?? null;
  const parts = question.parts
    ? choice(question.title, "part", question.parts.map((id) => ({ id, label: t(id) })), part, (chosen) => {
      part = chosen;
      begin();
    })
    : null;
  show(question.title, [parts, count], body, more);
  let rows = [];
  let cursor = null;

  async function begin() {
    rows = [];
    cursor = null;
    await next();
  }

  async function next() {
    const asked = part;
    const params = [...question.params, ...pins, ["part", asked], ["limit", PAGE], ["cursor", cursor]];
    try {
      const [page] = await Promise.all([get(question.path, params), learnNames()]);
      if (asked !== part) return; // another part was chosen while this one was on its way
      rows = rows.concat(page.items);
      cursor = page.next;
      count.textContent = `${t("shown")} ${number(rows.length)} / ${number(page.total)} ${t("rows")}`;
      count.dataset.total = page.total;
      more.hidden = cursor === null;
      const shown = typeof question.columns === "function" ? question.columns(asked) : question.columns;
      body.replaceChildren(page.total ? table(question.title, shown, rows) : h("p", { class: "empty" }, t("nobody")));
    } catch (error) {
      count.textContent = error.message;
      more.hidden = true;
    }
  }

  await begin();
}

/** Show where a tile's figures come from: definitions, documents, sources, digest and permalink. */
export function showPassport(tile) {
  const { passport } = tile;
  const entries = passport.definitions.flatMap((each) => [
    [each.name, each.definition + aside(`${t("version")} ${each.version}`)],
    [t("basis"), each.basis],
  ]);
  entries.push(
    [t("asOf"), passport.on],
    [t("computed"), passport.computed_at],
    [t("sources"), passport.sources.map((each) => `${each.name} ${each.known_at} (${each.status})`).join(" · ")],
    [t("digest"), passport.digest],
    [t("permalink"), passport.permalink]);
  const list = h("dl", {}, entries.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  show(tile.title, [], h("div", { class: "body", tabindex: "0" }, list), null);
}

/** Show content in a dialog; Escape and the button close it, and the focus goes back to where it was. */
export function show(title, parts, body, more) {
  closeDrill();
  const before = document.activeElement;
  const close = h("button", { type: "button", class: "close", on: { click: () => dialog.close() } }, t("close"));
  const dialog = h("dialog", { "aria-labelledby": "drill-title", on: { close: leave } },
    h("div", { class: "drill" },
      h("header", {}, h("h2", { id: "drill-title" }, title), parts, close),
      body,
      more === null ? null : h("footer", {}, more)));
  document.body.append(dialog);
  open = dialog;
  dialog.showModal();

  function leave() {
    dialog.remove();
    if (open === dialog) open = null;
    before?.focus?.();
  }
}
