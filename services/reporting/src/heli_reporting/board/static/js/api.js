// Asking the service: with the token in a header, in the language of the page, by addresses relative to the page.

import { token } from "./session.js";
import { language } from "./words.js";

/** The service did not answer as wanted; `status` 401 means: sign in again. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** Return the JSON of a GET, with the answer's own headers beside it; null where nothing has changed. */
export async function get(path, params = [], headers = {}) {
  const query = new URLSearchParams(params.filter(([, value]) => value !== null && value !== undefined));
  return ask(query.size ? `${path}?${query}` : path, { headers });
}

/** Send JSON and return the JSON of the answer. */
export const post = (path, content) =>
  ask(path, { method: "POST", body: JSON.stringify(content), headers: { "Content-Type": "application/json" } });

async function ask(address, request) {
  const own = { Authorization: `Bearer ${token()}`, "Accept-Language": language() };
  const answer = await fetch(address, { ...request, headers: { ...own, ...request.headers }, cache: "no-store" });
  if (answer.status === 304) return null;
  if (!answer.ok) throw new Refused(answer.status, await told(answer));
  return answer.json();
}

async function told(answer) {
  try {
    return (await answer.json()).detail ?? answer.statusText;
  } catch {
    return answer.statusText; // a proxy that speaks no JSON
  }
}

const held = new Map();

/** Forget the tiles of the board, as when somebody else signs in or the language changes. */
export const forgetBoard = () => held.clear();

/** Return the board with all its tiles; those that did not change come from what was read before. */
export async function board() {
  const known = [...held.values()].map((slot) => ["known", slot.etag]);
  const found = await get("v1/board", known);
  const changed = found.tiles.filter((slot) => slot.content !== null).map((slot) => slot.tile);
  for (const slot of found.tiles) if (slot.content !== null) held.set(slot.tile, slot);
  const tiles = found.tiles.map((slot) => held.get(slot.tile).content);
  return { ...found, tiles, changed };
}
