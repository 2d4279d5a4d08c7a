// What the page shows, as data: from the answers of the API to cards and series.

import { daysBefore, formatDay, formatMonth, formatWeek, monthsBefore } from "./format.js";

export const FIGURES = [
  { key: "cases", label: "Cases" },
  { key: "recoveries", label: "Recoveries" },
  { key: "deaths", label: "Deaths" },
];

const DAYS = 7;
const WEEKS = 8;
const MONTHS = 6;

// What is asked for, once the last stored day is known. One day more than is shown: the cards compare with it.
export function queries(lastDay) {
  return {
    daily: `/daily?from=${daysBefore(lastDay, DAYS)}`,
    weekly: `/weekly?from=${daysBefore(lastDay, 7 * (WEEKS - 1))}`,
    monthly: `/monthly?from=${monthsBefore(lastDay, MONTHS - 1)}`,
  };
}

// The last day, with its change from the stored day before.
export function cards(dailyRows) {
  const last = dailyRows.at(-1);
  const before = dailyRows.at(-2);
  return FIGURES.map(({ key, label }) => {
    const value = last[key];
    const change = value === null || before === undefined || before[key] === null ? null : value - before[key];
    return { key, label: `New ${label.toLowerCase()}`, value, change };
  });
}

// The last days, weeks or months, ascending.
export function periods({ daily, weekly, monthly }, lastDay) {
  return {
    daily: daily.filter(({ date }) => date > daysBefore(lastDay, DAYS)).map(dailyPoint),
    weekly: weekly.slice(-WEEKS).map((row) => periodPoint(row, formatWeek(row))),
    monthly: monthly.slice(-MONTHS).map((row) => periodPoint(row, formatMonth(row))),
  };
}

function dailyPoint(row) {
  // Days that are not stored are part of the difference of the next one that is.
  const note = row.days > 1 ? `${row.days} days` : null;
  return { ...figures(row), name: formatDay(row.date), note };
}

function periodPoint(row, name) {
  return { ...figures(row), name, note: row.complete ? null : "so far" };
}

// Every stored day for the chart.
export function cumulative(dataRows) {
  return dataRows.map((row) => ({ ...figures(row), name: formatDay(row.date), note: null }));
}

// The last stored day of each month, for the table beside that chart.
export function monthEnds(dataRows) {
  const isLast = (row, index) => row.date.slice(0, 7) !== dataRows[index + 1]?.date.slice(0, 7);
  return cumulative(dataRows.filter(isLast));
}

export function hasNegative(points) {
  return points.some((point) => FIGURES.some(({ key }) => point[key] < 0));
}

function figures({ cases, recoveries, deaths }) {
  return { cases, recoveries, deaths };
}
