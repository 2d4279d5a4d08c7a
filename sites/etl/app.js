"use strict";

// How many days the table shows.
const DAYS = 30;
// How far before today the API is asked for first. The sources no longer grow, so an empty answer is followed by one for all.
const RECENT_DAYS = 60;
const TIMEOUT_MS = 15_000;

const STATES = ["loading", "empty", "error", "figures"];
const number = new Intl.NumberFormat("en-US");

function show(state) {
  for (const id of STATES) {
    document.getElementById(id).hidden = id !== state;
  }
}

async function fetchJson(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}`);
  }
  return response.json();
}

function daysAgo(days) {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

async function fetchFigures() {
  const { apiUrl } = await fetchJson("/config.json");
  const recent = await fetchJson(`${apiUrl}/data?from=${daysAgo(RECENT_DAYS)}`);
  return recent.rows.length > 0 ? recent : fetchJson(`${apiUrl}/data`);
}

function cell(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

function tableRow({ date, cases, deaths, recoveries }) {
  const row = document.createElement("tr");
  const header = cell("th", date);
  header.scope = "row";
  // A figure that was not reported is not zero.
  const figures = [cases, deaths, recoveries].map((value) => (value === null ? "not reported" : number.format(value)));
  row.append(header, ...figures.map((text) => cell("td", text)));
  return row;
}

function showFigures({ rows, updated_at: updatedAt }) {
  const newestFirst = rows.slice(-DAYS).reverse();
  document.querySelector("#figures tbody").replaceChildren(...newestFirst.map(tableRow));
  const updated = document.getElementById("updated");
  updated.hidden = updatedAt === null;
  if (updatedAt !== null) {
    const time = updated.querySelector("time");
    time.dateTime = updatedAt;
    time.textContent = new Date(updatedAt).toLocaleString("en-US", { dateStyle: "medium", timeStyle: "short" });
  }
  show("figures");
}

async function load() {
  show("loading");
  try {
    const answer = await fetchFigures();
    if (answer.rows.length === 0) {
      show("empty");
    } else {
      showFigures(answer);
    }
  } catch (error) {
    console.error(error);
    show("error");
  }
}

document.querySelector("#error button").addEventListener("click", load);
load();
