// Elements from values: text is always text, never markup, so nothing that a record holds can become code.

const SVG = "http://www.w3.org/2000/svg";

/** Return an element; `given` sets attributes, `on` its listeners; children are elements, texts or null. */
export function h(name, given = {}, ...children) {
  return fill(document.createElement(name), given, children);
}

/** Return an SVG element made the same way. */
export function s(name, given = {}, ...children) {
  return fill(document.createElementNS(SVG, name), given, children);
}

function fill(element, given, children) {
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * Return a table with a caption; a column is {title, cell(row)} and may be a `number` or `short` text that stays on one
 * line. A title that depends on what the column shows is a function of the rows.
 */
export function table(caption, columns, rows) {
  const style = ({ number, short }) => (number ? { class: "number" } : short ? { class: "short" } : {});
  const head = h("tr", {}, columns.map((column) => h("th", { scope: "col", ...style(column) }, titleOf(column.title, rows))));
  const body = rows.map((row) =>
    h("tr", {}, columns.map((column) => h("td", style(column), column.cell(row) ?? "–"))));
  const made = h("table", {}, h("caption", { class: "quiet" }, caption), h("thead", {}, head), h("tbody", {}, body));
  return h("div", { class: "scroll" }, made);
}

const titleOf = (title, rows) => (typeof title === "function" ? title(rows) : title);

/** Return the choice of one of several as radio buttons; `chosen(id)` is called when it changes. */
export function choice(legend, name, options, current, chosen) {
  const labels = options.map(({ id, label }) =>
    h("label", {},
      h("input", { type: "radio", name, value: id, checked: id === current, on: { change: () => chosen(id) } }),
      label));
  return h("fieldset", { class: "switch" }, h("legend", { class: "quiet" }, legend), labels);
}
