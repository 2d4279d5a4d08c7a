// Numbers and dates as people read them. Dates are days without a time, so all is done in UTC.

const number = new Intl.NumberFormat("en-US");
const signed = new Intl.NumberFormat("en-US", { signDisplay: "exceptZero" });
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", year: "numeric", month: "short", day: "numeric" });
const shortDay = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", month: "short", day: "numeric" });
const month = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", year: "numeric", month: "long" });
const moment = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short" });

export const NOT_REPORTED = "not reported";

// A figure that was not reported is not zero.
export function formatNumber(value) {
  return value === null ? NOT_REPORTED : minus(number.format(value));
}

export function formatChange(value) {
  return minus(signed.format(value));
}

export function formatCompact(value) {
  return minus(compact.format(value));
}

export function formatDay(date) {
  return day.format(parseDate(date));
}

export function formatWeek({ from, to }) {
  return `${shortDay.format(parseDate(from))} – ${day.format(parseDate(to))}`;
}

export function formatMonth({ from }) {
  return month.format(parseDate(from));
}

export function formatMoment(timestamp) {
  return moment.format(new Date(timestamp));
}

// The date that many days before.
export function daysBefore(date, days) {
  return new Date(parseDate(date).getTime() - days * 86_400_000).toISOString().slice(0, 10);
}

// The first day of the month that many months before.
export function monthsBefore(date, months) {
  const first = parseDate(date);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() - months);
  return first.toISOString().slice(0, 10);
}

function parseDate(date) {
  return new Date(`${date}T00:00:00Z`);
}

// A hyphen is read as a range, and breaks at the end of a line.
function minus(text) {
  return text.replace("-", "\u2212");
}
