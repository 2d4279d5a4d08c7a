// What the server checks too: a job that passes here is taken there.

export const DEFAULT_MAX_SEQUENCE = 20_000;
const MAX_UPLOAD_BYTES = 5_000_000_000;

const LETTERS = /^[ACGTRYSWKMBDHVN]$/;
const ACCESSION = /^GC[AF]_[0-9]{9}\.[0-9]+$/;
const CUSTOM_NAME = /^[a-z0-9][a-z0-9_-]{2,63}$/;
const FILE_NAME = /^[A-Za-z0-9._-]{1,100}\.(fa|fasta|fna)(\.gz)?$/;
const JOB_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
// 20 bases and NGG on the plus strand, or on the minus strand as the plus strand shows it; they may overlap.
const GUIDES = [/(?=[ACGT]{21}GG)/g, /(?=CC[ACGT]{21})/g];

const number = (value) => value.toLocaleString("en-US");

// The letters of a sequence: without one header of FASTA and blanks, in capitals, with T for U.
export function lettersOf(text) {
  const lines = text.trim().split(/\r\n|\r|\n/);
  if (lines[0].startsWith(">")) {
    lines.shift();
  }
  // Letters beyond ASCII stay as they are: some of them would become bases, such as "ß" two of them.
  return lines.join("").replace(/\s/g, "").replace(/[a-z]/g, (letter) => letter.toUpperCase()).replaceAll("U", "T");
}

// How many guides the letters have on both strands.
export const countGuides = (letters) => GUIDES.reduce((sum, pattern) => sum + [...letters.matchAll(pattern)].length, 0);

// What is wrong with a sequence, or an empty text.
export function sequenceFault(text, limit) {
  const letters = [...lettersOf(text)];
  if (letters.includes(">")) {
    return "Give one record of FASTA, not several.";
  }
  if (letters.length === 0) {
    return "Give a sequence.";
  }
  const bad = letters.findIndex((letter) => !LETTERS.test(letter));
  if (bad >= 0) {
    return `“${letters[bad]}” at position ${number(bad + 1)} is not a letter of DNA.`;
  }
  if (letters.length > limit) {
    return `The sequence has ${number(letters.length)} letters; ${number(limit)} are the most.`;
  }
  return "";
}

// What is wrong with the name of a genome, or an empty text.
export function genomeFault(name) {
  if (name === "") {
    return "Give a genome.";
  }
  if (/^GC[AF]_[0-9]{9}$/.test(name)) {
    return `The accession lacks its version, such as ${name}.1.`;
  }
  return ACCESSION.test(name) || CUSTOM_NAME.test(name)
    ? ""
    : "This is neither an accession such as GCA_000482205.1 nor the name of an uploaded genome.";
}

// What is wrong with the threshold, or an empty text.
export const thresholdFault = (threshold) =>
  threshold >= 0 && threshold <= 100 ? "" : "Give a number from 0 to 100.";

// What is wrong with the id of a job, or an empty text.
export const jobFault = (id) => (JOB_ID.test(id) ? "" : "An id has 36 letters, such as 123e4567-e89b-42d3-a456-426614174000.");

// What is wrong with the name of a genome to upload, or an empty text.
export const nameFault = (name) =>
  CUSTOM_NAME.test(name) ? "" : "Use 3 to 64 small letters, digits, “_” and “-”, with a letter or digit first.";

// What is wrong with the token of an upload, or an empty text. Other letters cannot be sent.
export const tokenFault = (token) => (/^[!-~]+$/.test(token) ? "" : token === "" ? "Give the token." : "A token has no blanks and no such letters.");

// What is wrong with a file to upload, or an empty text.
export function fileFault(file) {
  if (file === undefined) {
    return "Choose a file.";
  }
  if (!FILE_NAME.test(file.name)) {
    return "The name of the file must end in .fa, .fasta or .fna, with or without .gz, and have no blanks.";
  }
  return file.size > 0 && file.size <= MAX_UPLOAD_BYTES ? "" : "The file is empty, or larger than 5 GB.";
}
