// What codes of closed lists are called, asked once in each language.

import { get } from "./api.js";
import { language } from "./words.js";

let names = new Map();
let told = null;

/** Make sure that the names are there in the language of the page. */
export async function learnNames() {
  if (told === language()) return;
  const { items, reasons } = await get("v1/dimensions");
  const lists = [...items.map(({ text, values }) => [text, values]), ["reason", reasons]];
  names = new Map(lists.flatMap(([list, values]) => values.map(({ code, name }) => [`${list} ${code}`, name])));
  told = language();
}

/** Return the name of a code, the code itself where it has none, null for none. */
export const nameOf = (list, code) => (code === null ? null : names.get(`${list} ${code}`) ?? code);
