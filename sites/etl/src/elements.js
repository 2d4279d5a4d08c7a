// Elements of the page.

import { FIGURES, hasNegative } from "./model.js";
import { formatChange, formatNumber } from "./format.js";

// An element with attributes and children. Text is always text, never markup.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export function card({ key, label, value, change }) {
  const comparison =
    change === null
      ? "no comparison with the day before"
      : change === 0
        ? "the same as the day before"
        : `${formatChange(change)} from the day before`;
  return element(
    "li",
    { class: `card ${key}` },
    element("h3", {}, label),
    element("p", { class: "value" }, formatNumber(value)),
    element("p", { class: "change" }, comparison),
  );
}

// A table of points, the newest first. It scrolls within itself where the screen is narrow.
export function table(points, { id, title, first }) {
  const header = [first, ...FIGURES.map(({ label }) => label)].map((label) => element("th", { scope: "col" }, label));
  const rows = [...points].reverse().map(row);
  const made = element(
    "table",
    { id },
    element("caption", { class: "hidden-text" }, `${title}, newest first`),
    element("thead", {}, element("tr", {}, ...header)),
    element("tbody", {}, ...rows),
  );
  const scroll = element("div", { class: "scroll", role: "region", "aria-label": `${title}, table`, tabindex: "0" }, made);
  if (!hasNegative(points)) {
    return [scroll];
  }
  const note = "* A negative figure: the source took back some of what it had reported before.";
  return [scroll, element("p", { class: "note" }, note)];
}

function row(point) {
  const name = element("th", { scope: "row" }, point.name);
  if (point.note !== null) {
    name.append(" ", element("span", { class: "badge" }, point.note));
  }
  const cells = FIGURES.map(({ key }) => {
    const value = point[key];
    const text = formatNumber(value) + (value < 0 ? " *" : "");
    return element("td", value === null ? { class: "absent" } : {}, text);
  });
  return element("tr", {}, name, ...cells);
}
