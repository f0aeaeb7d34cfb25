// A tile that is higher than the wall is shown part by part, in whole lines, and says which of how many they are.

import { h } from "./dom.js";
import { number, t } from "./words.js";

const LISTS = "tbody, .steps, .map";
const COLUMN = ".two > div, .causes, .tile > div";

/** Divide the lists of a tile into what fits at a time; return a function that shows a part, with how many there are. */
export function divide(tile) {
  showWhole(tile);
  const lists = [...tile.querySelectorAll(LISTS)].filter((list) => list.checkVisibility());
  if (tile.scrollHeight <= tile.clientHeight + 1) return { count: 1, show: () => null };
  // What is said of a list takes a line of its own, so that line has to be there when the room is measured.
  const told = lists.map((list) => {
    const line = h("p", { class: "extent" }, "–");
    list.closest(COLUMN).append(line);
    return line;
  });
  const floor = floorOf(tile);
  const divided = lists.map((list) => evenParts([...list.children], roomOf(list, floor)));
  const count = Math.max(...divided.map((each) => each.length));
  return { count, show: (part) => lists.forEach((list, index) => show(list, divided[index], part, told[index])) };
}

/** Show all lines of a tile again. */
export function showWhole(tile) {
  for (const line of tile.querySelectorAll(".beyond")) line.classList.remove("beyond");
  for (const line of tile.querySelectorAll(".extent")) line.remove();
}

function floorOf(tile) {
  const { top } = tile.getBoundingClientRect();
  return top + tile.clientTop + tile.clientHeight - parseFloat(getComputedStyle(tile).paddingBottom);
}

/** Return how high a list may be: down to the floor, less what stands below it in its column. */
function roomOf(list, floor) {
  const { top, bottom } = list.getBoundingClientRect();
  return floor - top - (list.closest(COLUMN).getBoundingClientRect().bottom - bottom);
}

/** Return lines in as few parts as fit the room, and about as high as one another: not all but one, and then that one. */
function evenParts(lines, room) {
  const full = parts(lines, room);
  const heights = lines.map((line) => line.getBoundingClientRect().height);
  const even = heights.reduce((sum, height) => sum + height, 0) / full.length + Math.max(...heights) / 2;
  const made = parts(lines, Math.min(room, even));
  return made.length === full.length ? made : full;
}

/** Return lines in parts that fit the room; a line that alone is higher makes a part of its own. */
function parts(lines, room) {
  const made = [];
  let start = 0;
  for (const line of lines) {
    const { top, bottom } = line.getBoundingClientRect();
    if (made.length === 0 || bottom - start > room) {
      made.push([]);
      start = top;
    }
    made.at(-1).push(line);
  }
  return made;
}

/** Show a part of a list; a list that has fewer parts than its neighbour begins again. */
function show(list, divided, part, told) {
  if (divided.length < 2) {
    told.hidden = true;
    return;
  }
  const shown = divided[part % divided.length];
  const lines = [...list.children];
  for (const line of lines) line.classList.toggle("beyond", !shown.includes(line));
  const [first, last] = [lines.indexOf(shown[0]) + 1, lines.indexOf(shown.at(-1)) + 1];
  const which = first === last ? number(first) : `${number(first)}–${number(last)}`;
  told.textContent = `${t("shown")} ${which} / ${number(lines.length)}`;
}
