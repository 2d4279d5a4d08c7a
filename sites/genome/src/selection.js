// Guides as the table needs them: read from the rows of the API, filtered, sorted.

const FLAGS = ["unique", "passed", "chopchop", "mm10db", "sgrnascorer2", "scaffold_intact", "in_genome", "off_target_accepted"];
const NUMBERS = [
  ...["rank", "target_id", "start", "end", "count", "consensus", "sgrnascorer2_score", "at_percent", "mfe"],
  ...["mit", "cfd", "cfd_specificity", "perfect_sites", "d0", "d1", "d2", "d3", "d4"],
];
const CODES = {
  ...{ A: "A", C: "C", G: "G", T: "T", U: "T", R: "[AG]", Y: "[CT]", S: "[CG]", W: "[AT]", K: "[GT]", M: "[AC]" },
  ...{ B: "[CGT]", D: "[AGT]", H: "[ACT]", V: "[ACG]", N: "[ACGT]" },
};

// The methods that predict efficiency, with their names.
export const METHODS = { chopchop: "CHOPCHOP", mm10db: "mm10db", sgrnascorer2: "sgRNAScorer2" };
// A guide is efficient when so many of them say so.
export const EFFICIENT = 2;
export const DISTANCES = ["d0", "d1", "d2", "d3", "d4"];

// The orders of the table. The first direction is the one that people want: best or first at the top.
export const ORDERS = {
  rank: { name: "Rank", of: (guide) => guide.rank ?? guide.target_id, direction: 1 },
  start: { name: "Start", of: (guide) => guide.start, direction: 1 },
  consensus: { name: "Efficient by", of: (guide) => guide.consensus, direction: -1 },
  mit: { name: "MIT", of: (guide) => guide.mit, direction: -1 },
  specificity: { name: "Specificity", of: (guide) => guide.cfd_specificity, direction: -1 },
  sites: { name: "Off-targets", of: (guide) => offTargetCount(guide), direction: 1 },
};

// Fields come as in CSV, as texts or numbers, or as JSON has them. What is not known is empty there and null here, which is
// neither yes nor no.
const isKnown = (value) => value !== null && value !== undefined && value !== "";

export function guideOf(row) {
  const guide = { record: row.record ?? "", strand: row.strand, sequence: row.sequence, structure: row.structure || null };
  for (const name of NUMBERS) {
    guide[name] = isKnown(row[name]) ? Number(row[name]) : null;
  }
  for (const name of FLAGS) {
    guide[name] = isKnown(row[name]) ? row[name] === true || String(row[name]) === "1" : null;
  }
  if (!isScored(guide)) {
    guide.passed = null;
  }
  return guide;
}

// Whether all is known that decides whether the guide passes.
export const isScored = (guide) => guide.consensus !== null && guide.off_target_accepted !== null;

// The methods that take the guide for efficient.
export const accepting = (guide) => Object.keys(METHODS).filter((method) => guide[method]);

// The number of places in the genome with a mismatch; null when they are not known.
export function offTargetCount(guide) {
  return guide.d1 === null ? null : DISTANCES.slice(1).reduce((sum, distance) => sum + guide[distance], 0);
}

// Why a guide did not pass.
export function objections(guide) {
  const found = [];
  if (guide.unique === false) {
    found.push(`Its 20 bases are a guide of the sequence ${guide.count} times.`);
  }
  if (guide.perfect_sites > 1) {
    found.push(`Its 20 bases are at ${guide.perfect_sites} places of the genome.`);
  }
  if (guide.off_target_accepted === false) {
    found.push("Its off-target risk is too high for the method and threshold of the job.");
  }
  if (guide.consensus !== null && guide.consensus < EFFICIENT) {
    found.push(`Only ${guide.consensus} of 3 methods expect it to cut well; ${EFFICIENT} are needed.`);
  }
  return found;
}

// A pattern of bases and their codes for several, such as R for A and G.
function pattern(bases) {
  const letters = [...bases.toUpperCase().replace(/\s/g, "")];
  return new RegExp(letters.map((letter) => CODES[letter] ?? "[^ACGT]").join(""));
}

// The guides that meet the conditions.
export function filter(guides, { passed, unique, bases, strand, consensus, specificity, mit }) {
  const wanted = pattern(bases);
  const reaches = (value, least) => least === null || (value !== null && value >= least);
  return guides.filter(
    (guide) =>
      (!passed || guide.passed) &&
      (!unique || guide.unique) &&
      wanted.test(guide.sequence) &&
      (strand === "" || guide.strand === strand) &&
      (consensus === 0 || reaches(guide.consensus, consensus)) &&
      reaches(guide.cfd_specificity, specificity) &&
      reaches(guide.mit, mit),
  );
}

// The guides in an order. What is not known comes last in both directions, and equals keep the order of their ranks.
export function sort(guides, order, direction) {
  const { of } = ORDERS[order];
  const byRank = (first, second) => ORDERS.rank.of(first) - ORDERS.rank.of(second);
  return [...guides].sort((first, second) => {
    const [left, right] = [of(first), of(second)];
    if (left === null || right === null) {
      return (left === null) - (right === null) || byRank(first, second);
    }
    return direction * (left - right) || byRank(first, second);
  });
}
