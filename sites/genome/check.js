// What the server checks too: a job that passes here is taken there.

const LETTERS = /^[ACGTRYSWKMBDHVN]$/;
const ACCESSION = /^GC[AF]_[0-9]{9}\.[0-9]+$/;
const CUSTOM_NAME = /^[a-z0-9][a-z0-9_-]{2,63}$/;
const FILE_NAME = /^[A-Za-z0-9._-]{1,100}\.(fa|fasta|fna)(\.gz)?$/;
const MAX_UPLOAD_BYTES = 5_000_000_000;

// The letters of a sequence: without one header of FASTA and blanks, in capitals, with T for U.
function lettersOf(text) {
  const lines = text.trim().split(/\r\n|\r|\n/);
  if (lines[0].startsWith(">")) {
    lines.shift();
  }
  return lines.join("").replace(/\s/g, "").toUpperCase().replaceAll("U", "T");
}

// What is wrong with a sequence, or an empty text.
export function sequenceFault(text, limit) {
  if ((text.match(/^\s*>/gm) ?? []).length > 1) {
    return "Give one record of FASTA, not several.";
  }
  const letters = lettersOf(text);
  if (letters === "") {
    return "Give a sequence.";
  }
  const bad = [...letters].findIndex((letter) => !LETTERS.test(letter));
  if (bad >= 0) {
    return `“${[...letters][bad]}” at position ${bad + 1} is not a letter of DNA.`;
  }
  if (letters.length > limit) {
    return `The sequence has ${letters.length} letters, of ${limit} at most.`;
  }
  return "";
}

// What is wrong with the name of a genome, or an empty text.
export function genomeFault(name) {
  if (name === "") {
    return "Give a genome.";
  }
  return ACCESSION.test(name) || CUSTOM_NAME.test(name)
    ? ""
    : "This is neither an accession such as GCA_000482205.1 nor the name of an uploaded genome.";
}

// What is wrong with the options, or an empty text.
export function optionsFault({ threshold, max_distance: distance }) {
  if (!(threshold >= 0 && threshold <= 100)) {
    return "The threshold is a number from 0 to 100.";
  }
  return Number.isInteger(distance) && distance >= 0 && distance <= 4 ? "" : "Mismatches are a whole number from 0 to 4.";
}

// What is wrong with an upload, or an empty text.
export function uploadFault({ name, file, size }) {
  if (!CUSTOM_NAME.test(name)) {
    return "A name has 3 to 64 small letters, digits, “_” and “-”, a letter or digit first.";
  }
  if (!FILE_NAME.test(file)) {
    return "Choose a file that ends in .fa, .fasta or .fna, with or without .gz, and has no blanks in its name.";
  }
  return size > 0 && size <= MAX_UPLOAD_BYTES ? "" : "The file is empty, or larger than 5 GB.";
}
