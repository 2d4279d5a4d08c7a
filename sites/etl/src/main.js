// Loads the figures and shows them.

import { openApi } from "./api.js";
import { chart } from "./chart.js";
import { card, element, table } from "./elements.js";
import { formatDay, formatMoment } from "./format.js";
import { cards, cumulative, monthEnds, periods, queries } from "./model.js";

const STATES = ["loading", "empty", "error", "figures"];
let shownCharts = [];

const byId = (id) => document.getElementById(id);

function show(state) {
  for (const id of STATES) {
    byId(id).hidden = id !== state;
  }
}

async function fetchFigures() {
  const ask = await openApi();
  const data = await ask("/data");
  const lastDay = data.rows.at(-1)?.date;
  if (lastDay === undefined) {
    return null;
  }
  const paths = queries(lastDay);
  const [daily, weekly, monthly] = await Promise.all([ask(paths.daily), ask(paths.weekly), ask(paths.monthly)]);
  return { data, daily: daily.rows, weekly: weekly.rows, monthly: monthly.rows, lastDay };
}

// Fills a section below its heading with a chart and a table.
function fill(id, points, tablePoints, { first, folded }) {
  const section = byId(id);
  const title = section.querySelector("h2").textContent;
  const tableId = `${id}-table`;
  const made = chart(points, { title, table: tableId });
  shownCharts.push(made);
  const parts = table(tablePoints, { id: tableId, title, first });
  const shown = folded ? [element("details", {}, element("summary", {}, "Last day of each month as a table"), ...parts)] : parts;
  section.replaceChildren(section.querySelector("h2"), ...made.elements, ...shown);
}

function showFigures({ data, daily, weekly, monthly, lastDay }) {
  // A chart takes its size from its place, which must be there.
  show("figures");
  for (const made of shownCharts) {
    made.destroy();
  }
  shownCharts = [];
  byId("as-of").dateTime = lastDay;
  byId("as-of").textContent = formatDay(lastDay);
  byId("cards").replaceChildren(...cards(daily).map(card));
  const points = periods({ daily, weekly, monthly }, lastDay);
  fill("cumulative", cumulative(data.rows), monthEnds(data.rows), { first: "Day", folded: true });
  fill("daily", points.daily, points.daily, { first: "Day" });
  fill("weekly", points.weekly, points.weekly, { first: "Week" });
  fill("monthly", points.monthly, points.monthly, { first: "Month" });
  const updated = byId("updated");
  updated.hidden = data.updated_at === null;
  if (data.updated_at !== null) {
    const time = updated.querySelector("time");
    time.dateTime = data.updated_at;
    time.textContent = formatMoment(data.updated_at);
  }
}

async function load() {
  show("loading");
  try {
    const figures = await fetchFigures();
    if (figures === null) {
      show("empty");
    } else {
      showFigures(figures);
    }
  } catch (error) {
    console.error(error);
    byId("error-detail").textContent = error.message;
    show("error");
  }
}

byId("retry").addEventListener("click", load);
load();
