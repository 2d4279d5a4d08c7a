import assert from "node:assert/strict";
import { test } from "node:test";

import { daysBefore, formatChange, formatDay, formatMonth, formatNumber, formatWeek, monthsBefore } from "../src/format.js";
import { cards, hasNegative, monthEnds, periods, queries } from "../src/model.js";

const day = (date, cases, recoveries, deaths, days = 1) => ({ date, cases, recoveries, deaths, days, decreases: [] });

test("the cards compare the last day with the one before", () => {
  const rows = [day("2021-03-14", 38222, null, 572), day("2021-03-15", 55764, null, 740)];
  assert.deepEqual(cards(rows), [
    { key: "cases", label: "New cases", value: 55764, change: 17542 },
    { key: "recoveries", label: "New recoveries", value: null, change: null },
    { key: "deaths", label: "New deaths", value: 740, change: 168 },
  ]);
  assert.deepEqual(cards(rows.slice(0, 1)).map(({ change }) => change), [null, null, null]);
});

test("one day more than is shown is asked for", () => {
  assert.deepEqual(queries("2021-03-15"), {
    daily: "/daily?from=2021-03-08",
    weekly: "/weekly?from=2021-01-25",
    monthly: "/monthly?from=2020-10-01",
  });
  assert.equal(monthsBefore("2021-03-31", 5), "2020-10-01");
  assert.equal(daysBefore("2020-03-01", 1), "2020-02-29");
});

test("what is not complete is marked", () => {
  const period = (from, to, complete) => ({ date: to, from, to, cases: 1, recoveries: null, deaths: -1, complete });
  const points = periods(
    {
      daily: [day("2021-03-08", 1, 1, 1), day("2021-03-09", 2, 2, 2), day("2021-03-15", 3, 3, 3, 6)],
      weekly: Array.from({ length: 9 }, () => period("2021-03-15", "2021-03-21", false)),
      monthly: [period("2021-02-01", "2021-02-28", true)],
    },
    "2021-03-15",
  );
  assert.deepEqual(points.daily.map(({ name, note }) => [name, note]), [["Mar 9, 2021", null], ["Mar 15, 2021", "6 days"]]);
  assert.equal(points.weekly.length, 8);
  assert.deepEqual([points.weekly[0].name, points.weekly[0].note], ["Mar 15 – Mar 21, 2021", "so far"]);
  assert.deepEqual([points.monthly[0].name, points.monthly[0].note], ["February 2021", null]);
  assert.ok(hasNegative(points.monthly));
  assert.ok(!hasNegative(points.daily));
});

test("the table of the whole time has the last day of each month", () => {
  const rows = [day("2020-01-30", 1), day("2020-01-31", 2), day("2020-02-01", 3), day("2021-02-05", 4)];
  assert.deepEqual(monthEnds(rows).map(({ name }) => name), ["Jan 31, 2020", "Feb 1, 2020", "Feb 5, 2021"]);
});

test("numbers and dates are readable", () => {
  assert.equal(formatNumber(-2446), "−2,446");
  assert.equal(formatNumber(0), "0");
  assert.equal(formatNumber(null), "not reported");
  assert.equal(formatChange(17542), "+17,542");
  assert.equal(formatChange(-5), "−5");
  assert.equal(formatDay("2021-03-15"), "Mar 15, 2021");
  assert.equal(formatWeek({ from: "2020-12-28", to: "2021-01-03" }), "Dec 28 – Jan 3, 2021");
  assert.equal(formatMonth({ from: "2021-03-01" }), "March 2021");
});
