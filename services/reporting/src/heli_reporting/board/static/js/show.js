// Putting the board on the page: the top, the tiles in their order, and only what changed when it comes again.

import { showPassport } from "./drill.js";
import { h } from "./dom.js";
import { cards } from "./tiles/cards.js";
import { funnel } from "./tiles/funnel.js";
import { gaps } from "./tiles/gaps.js";
import { ranking } from "./tiles/ranking.js";
import { townships } from "./tiles/townships.js";
import { trend } from "./tiles/trend.js";
import { worklist } from "./tiles/worklist.js";
import { enterWall, isWall, keepWall, leaveWall } from "./wall.js";
import { t } from "./words.js";

const MAKERS = { cards, townships, trend, ranking, gaps, worklist, funnel };

/** Show the board; tiles that did not change stay as they are, so that nobody loses place or focus. */
export function showBoard(board, actions) {
  const place = document.getElementById("board");
  const isFirst = place.querySelector(".grid") === null;
  if (isFirst) place.replaceChildren(h("div", { class: "grid" }));
  const grid = place.querySelector(".grid");
  showTop(board, actions);
  tell("", false);
  for (const tile of board.tiles) {
    const there = document.getElementById(`tile-${tile.tile}`);
    if (there !== null && !board.changed.includes(tile.tile)) continue;
    const made = section(tile, board);
    if (there === null) grid.append(made);
    else there.replaceWith(made);
  }
  if (!isFirst && board.changed.length > 0) document.getElementById("told").textContent = t("updated");
  keepWall();
}

function section(tile, board) {
  const heading = `head-${tile.tile}`;
  const passport = h("button", { type: "button", class: "passport", on: { click: () => showPassport(tile) } },
    t("passport"), h("span", { class: "quiet" }, ` ${tile.title}`));
  return h("section", { class: `tile ${tile.tile}`, id: `tile-${tile.tile}`, "aria-labelledby": heading },
    h("header", {}, h("h2", { id: heading }, tile.title), passport),
    MAKERS[tile.tile](tile, board));
}

/** Show the title, for whom and how fresh the board is, and the tools; only title and language before signing in. */
export function showTop(board, actions) {
  const tools = h("div", { class: "tools" }, button("language", actions.language));
  const parts = [h("h1", {}, t("title"))];
  if (board !== null) {
    const fresh = board.stale ? { class: "badge stale" } : { class: "badge" };
    parts.push(
      h("span", { class: "where" }, `${where(board)} · ${t("asOf")} ${board.on}`),
      h("span", fresh, t(board.stale ? "stale" : "fresh")));
    tools.append(
      button("wall", () => (isWall() ? leaveWall() : enterWall())),
      button("print", () => window.print()),
      button("signOut", actions.signOut));
  }
  const focused = document.activeElement?.id;
  document.getElementById("top").replaceChildren(...parts, tools);
  if (focused?.startsWith("tool-")) document.getElementById(focused)?.focus();
  foot(board);
}

function button(name, act) {
  return h("button", { type: "button", id: `tool-${name}`, on: { click: act } }, t(name));
}

function where(board) {
  if (board.scope.everything) return t("county");
  const places = board.tiles.find((tile) => tile.tile === "townships")?.figures.rows ?? [];
  const named = new Map(places.map((row) => [row.division.code, row.division.name]));
  const parts = [...board.scope.divisions.map((code) => named.get(code) ?? code), ...board.scope.zones];
  return parts.length ? parts.join(t("and")) : t("nothing");
}

function foot(board) {
  const sources = board?.sources.map((source) =>
    `${source.name} ${source.known_at}${source.fetched_at === null ? "" : ` @ ${source.fetched_at.slice(0, 16)}Z`}`);
  document.getElementById("foot").textContent = board === null ? "" : `${t("sources")}: ${sources.join(" · ")}`;
}

/** Say something above the board until it is unsaid by an empty text. */
export function tell(text, isWarning) {
  const place = document.getElementById("board");
  place.querySelector(".notice")?.remove();
  if (text && !isWall()) place.prepend(h("p", { class: "notice", role: isWarning ? "alert" : "status" }, text));
}
