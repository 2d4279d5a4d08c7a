// The table of the guides of a job, with its filters and orders.

import { byId, make, setText, showText } from "/dom.js";
import { count, score, strand, things } from "/format.js";
import { accepting, DISTANCES, EFFICIENT, filter, METHODS, offTargetCount, ORDERS, sort } from "/selection.js";

// Rows that are added at once.
const ROWS = 100;
const COLUMNS = [
  { order: "rank", cell: (guide) => rank(guide), className: "rank" },
  { name: "Guide", cell: (guide) => guideLink(guide), className: "bases" },
  { order: "start", cell: (guide) => count(guide.start), className: "number" },
  { name: "Strand", cell: (guide) => strand(guide.strand) },
  { order: "consensus", cell: (guide) => efficiency(guide) },
  { order: "mit", cell: (guide) => score(guide.mit, 2), className: "number" },
  { order: "specificity", cell: (guide) => score(guide.cfd_specificity, 2), className: "number" },
  { order: "sites", cell: (guide) => places(guide), className: "number" },
  { name: "Passed", cell: (guide) => verdict(guide) },
];

const form = byId("filters");
let job = "";
let all = [];
let selected = [];
let shown = 0;
let order = { by: "rank", direction: ORDERS.rank.direction };

const rank = ({ rank: value }) => (value === null ? "–" : count(value));

// The 23 bases with the PAM set off.
export const bases = (sequence) => [sequence.slice(0, -3), make("span", { className: "pam" }, sequence.slice(-3))];

function guideLink(guide) {
  return make("a", { href: `#job=${encodeURIComponent(job)}&guide=${guide.target_id}`, id: `guide-${guide.target_id}` }, ...bases(guide.sequence));
}

function efficiency(guide) {
  if (guide.consensus === null) {
    return "–";
  }
  const names = accepting(guide).map((method) => METHODS[method]).join(", ");
  const className = guide.consensus >= EFFICIENT ? "good" : "";
  const parts = [make("strong", { className }, `${guide.consensus} / 3`)];
  if (names !== "") {
    parts.push(" ", make("span", { className: "names" }, names));
  }
  return make("span", {}, ...parts);
}

function places(guide) {
  const total = offTargetCount(guide);
  if (total === null) {
    return "–";
  }
  const each = DISTANCES.map((distance) => guide[distance]);
  const label = `${total}; with 0 to 4 mismatches: ${each.join(", ")}`;
  return make("span", { title: "places with 0 to 4 mismatches" }, make("span", { className: "hidden-text" }, label), make("span", { "aria-hidden": "true" }, each.join(" · ")));
}

export function verdict({ passed }) {
  const [text, className] = passed === null ? ["not yet known", "open"] : passed ? ["✓ yes", "good"] : ["no", "no"];
  return make("span", { className: `verdict ${className}` }, text);
}

function row(guide) {
  const cells = COLUMNS.map(({ name, order, cell, className = "" }, index) =>
    make(index === 1 ? "th" : "td", { role: index === 1 ? "rowheader" : "cell", className, "data-label": name ?? ORDERS[order].name }, cell(guide)),
  );
  return make("tr", { role: "row" }, ...cells);
}

function showHead() {
  const head = ({ name, order: by, className = "" }) => {
    if (by === undefined) {
      return make("th", { scope: "col", role: "columnheader", className }, name);
    }
    const isChosen = order.by === by;
    const [sign, state] = !isChosen ? ["↕", "none"] : order.direction > 0 ? ["↑", "ascending"] : ["↓", "descending"];
    const button = make("button", { type: "button", "data-order": by }, ORDERS[by].name, make("span", { className: "arrow", "aria-hidden": "true" }, sign));
    return make("th", { scope: "col", role: "columnheader", className, "aria-sort": state }, button);
  };
  byId("guides").tHead.replaceChildren(make("tr", { role: "row" }, ...COLUMNS.map(head)));
  form.elements.sort.value = `${order.by} ${order.direction}`;
}

function showRows() {
  const next = selected.slice(shown, shown + ROWS);
  byId("guides").tBodies[0].append(...next.map(row));
  shown += next.length;
  byId("more").hidden = shown >= selected.length;
  setText("more", `Show ${Math.min(ROWS, selected.length - shown)} more`);
  const found = selected.length === all.length ? things(all.length, "guide") : `${count(selected.length)} of ${things(all.length, "guide")}`;
  setText("guides-count", shown < selected.length ? `${found}, the first ${count(shown)} shown.` : `${found}.`);
}

function conditions() {
  const { passed, unique, bases, strand, consensus, specificity, mit } = form.elements;
  const least = ({ value }) => (value.trim() === "" || Number.isNaN(Number(value)) ? null : Number(value));
  return {
    passed: passed.checked,
    unique: unique.checked,
    bases: bases.value,
    strand: strand.value,
    consensus: Number(consensus.value),
    specificity: least(specificity),
    mit: least(mit),
  };
}

function apply() {
  selected = sort(filter(all, conditions()), order.by, order.direction);
  shown = 0;
  byId("guides").tBodies[0].replaceChildren();
  byId("guides").hidden = selected.length === 0;
  byId("guides-none").hidden = selected.length > 0;
  showHead();
  showRows();
}

function sortBy(by, direction) {
  order = { by, direction };
  apply();
}

// Puts all guides of a job into the table. Filters and order stay when it is the same job.
export function showGuides(id, guides) {
  if (job !== id) {
    order = { by: "rank", direction: ORDERS.rank.direction };
    form.reset();
  }
  job = id;
  all = guides;
  const isDone = guides.every(({ passed }) => passed !== null);
  const passed = guides.filter((guide) => guide.passed).length;
  byId("guides-found").hidden = guides.length === 0;
  showText("guides-summary", guides.length === 0 ? "The sequence has no guide: no 20 bases with NGG behind them on either strand." : isDone ? `${things(guides.length, "guide")}, of which ${count(passed)} passed.` : `${things(guides.length, "guide")}. They are not all scored yet, and get their ranks at the end.`);
  if (guides.length > 0) {
    apply();
  }
}

const choices = Object.entries(ORDERS).flatMap(([by, { name, direction }]) =>
  [direction, -direction].map((way) => make("option", { value: `${by} ${way}` }, `${name} ${way > 0 ? "↑" : "↓"}`)),
);
form.elements.sort.replaceChildren(...choices);
form.elements.sort.addEventListener("change", ({ target }) => {
  const [by, direction] = target.value.split(" ");
  sortBy(by, Number(direction));
});
byId("guides").tHead.addEventListener("click", ({ target }) => {
  const by = target.closest("button")?.dataset.order;
  if (by !== undefined) {
    sortBy(by, order.by === by ? -order.direction : ORDERS[by].direction);
    byId("guides").tHead.querySelector(`[data-order="${by}"]`).focus();
  }
});
form.addEventListener("input", ({ target }) => target.name !== "sort" && apply());
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(() => sortBy("rank", ORDERS.rank.direction)));
byId("more").addEventListener("click", () => {
  const next = shown;
  showRows();
  byId("guides").tBodies[0].rows[next]?.querySelector("a").focus();
});
