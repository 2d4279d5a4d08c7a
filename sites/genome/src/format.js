// Numbers, times and sizes for people.

const NUMBER = new Intl.NumberFormat("en-US");
const MOMENT = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short" });
const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60]];

// A number of things, or a stroke for what is not known.
export const count = (value) => (value === null ? "–" : NUMBER.format(value));

// A score with as many decimals, or a stroke for what is not known.
export const score = (value, digits) => (value === null ? "–" : value.toFixed(digits).replace("-", "−"));

// A strand with a stroke that is as wide as the plus.
export const strand = (value) => (value === "-" ? "−" : (value ?? "–"));

export const moment = (text) => (Number.isNaN(Date.parse(text)) ? text : MOMENT.format(new Date(text)));

// How long something took, in its largest unit.
export function duration(from, to) {
  const seconds = Math.max(1, (Date.parse(to) - Date.parse(from)) / 1_000);
  if (Number.isNaN(seconds)) {
    return "";
  }
  const [name, size] = UNITS.find(([, size]) => seconds >= size) ?? ["second", 1];
  return things(Math.round(seconds / size), name);
}

// "1 guide", "2 guides".
export const things = (number, name) => `${count(number)} ${name}${number === 1 ? "" : "s"}`;

// Decimal megabytes, as file managers show them.
export function size(bytes) {
  return bytes < 1_000_000 ? `${count(Math.ceil(bytes / 1_000))} kB` : `${count(Math.round(bytes / 100_000) / 10)} MB`;
}

export const percent = (part, whole) => (whole > 0 ? Math.floor((100 * part) / whole) : 0);
