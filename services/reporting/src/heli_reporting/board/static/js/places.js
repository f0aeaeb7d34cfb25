// The column of places: enterprises lie in villages or in townships, and its head names the level of those it shows.

import { t } from "./words.js";

/** Return the column; its head follows the rows. */
export const placeColumn = () => ({ title: head, cell: (row) => row.division?.name ?? null });

function head(rows) {
  const levels = new Set(rows.map((row) => row.division?.code).filter(Boolean).map(levelOf));
  return t(levels.size === 1 ? [...levels][0] : "place");
}

/** Return the word for the level of a code of twelve digits: six for the county, three each for township and village. */
function levelOf(code) {
  if (code.endsWith("000000")) return "place";
  return code.endsWith("000") ? "town" : "village";
}
