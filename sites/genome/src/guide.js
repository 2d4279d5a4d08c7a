// One guide: what is known of it, and the places of the genome that it may bind.

import * as api from "/api.js";
import { byId, make, setText } from "/dom.js";
import { count, score, strand, things } from "/format.js";
import { bases, verdict } from "/guides.js";
import { DISTANCES, METHODS, objections } from "/selection.js";

// Rows that are added at once.
const ROWS = 100;
// Bases before the PAM.
const GUIDE = 20;
let sites = [];
let shown = 0;
let retry = () => {};

const fact = (name, value) => make("div", {}, make("dt", {}, name), make("dd", {}, value));
const yesOrNo = (value) => (value === null ? "not tested" : value ? "yes" : "no");

function verdictBox(guide) {
  const faults = objections(guide);
  const heading = guide.passed ? "This guide passed." : guide.passed === null ? "This guide is not fully scored yet." : "This guide did not pass.";
  const list = faults.length > 0 ? [make("ul", {}, ...faults.map((fault) => make("li", {}, fault)))] : [];
  const tone = guide.passed ? "good" : guide.passed === null ? "" : "warn";
  const warning = guide.in_genome === false ? [make("p", {}, "The genome has no place with these 20 bases and NGG: the sequence may be of another strain, or span a splice site.")] : [];
  return make("div", { className: `notice ${tone}` }, make("p", {}, make("strong", {}, heading)), ...list, ...warning);
}

function methods(guide) {
  const details = {
    chopchop: "base 20 is G",
    mm10db: guide.mfe === null ? "" : `${score(guide.at_percent, 0)} % A and T; RNA folds at ${score(guide.mfe, 2)} kcal/mol, scaffold ${guide.scaffold_intact ? "intact" : "not intact"}`,
    sgrnascorer2: guide.sgrnascorer2_score === null ? "" : `score ${score(guide.sgrnascorer2_score, 4)}, 0 or more is good`,
  };
  const row = ([method, name]) =>
    make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, verdict({ passed: guide[method] })), make("td", {}, details[method]));
  return make("table", { className: "small" },
    make("caption", {}, "Is it expected to cut well?"),
    make("thead", {}, make("tr", {}, ...["Method", "Accepts", "Detail"].map((name) => make("th", { scope: "col" }, name)))),
    make("tbody", {}, ...Object.entries(METHODS).map(row)));
}

function distances(guide) {
  return make("table", { className: "small" },
    make("caption", {}, "Places of the genome by mismatches"),
    make("thead", {}, make("tr", {}, ...DISTANCES.map((_, mismatches) => make("th", { scope: "col", className: "number" }, `${mismatches}`)))),
    make("tbody", {}, make("tr", {}, ...DISTANCES.map((name) => make("td", { className: "number" }, count(guide[name]))))));
}

function fold(guide) {
  if (guide.structure === null) {
    return [];
  }
  const text = make("pre", { className: "fold", tabIndex: 0 }, guide.structure);
  text.setAttribute("aria-label", "Structure of the RNA in dots and brackets");
  return [make("details", {}, make("summary", {}, "Structure of the RNA"), text)];
}

// Shows what is known of a guide.
export function showGuide(guide) {
  const { record, start, end } = guide;
  const place = `${record === "" ? "" : `${record}: `}${count(start)} to ${count(end)}, strand ${strand(guide.strand)}`;
  byId("guide-title").replaceChildren("Guide ", make("code", {}, ...bases(guide.sequence)));
  byId("guide-body").replaceChildren(
    verdictBox(guide),
    make("dl", { className: "facts" },
      fact("Rank", count(guide.rank)),
      fact("In the sequence", place),
      fact("Unique in it", yesOrNo(guide.unique)),
      fact("Specificity (CFD)", score(guide.cfd_specificity, 6)),
      fact("MIT", score(guide.mit, 6)),
      fact("CFD as published", score(guide.cfd, 6)),
      fact("Perfect places", count(guide.perfect_sites)),
      fact("Off-target risk accepted", yesOrNo(guide.off_target_accepted))),
    make("div", { className: "tables" }, methods(guide), distances(guide)),
    ...fold(guide),
  );
}

// The bases of a place, with those that differ from the guide set off.
function marked({ sequence, mismatches }) {
  const differing = new Set(mismatches);
  const letters = [...sequence.slice(0, GUIDE)].map((letter, index) => (differing.has(index + 1) ? make("mark", {}, letter) : letter));
  return make("code", {}, ...letters, make("span", { className: "pam" }, sequence.slice(GUIDE)));
}

function siteRow(site) {
  const place = site.contig === null ? "not known" : `${site.contig}: ${count(site.start)} to ${count(site.end)}`;
  const own = site.on_target ? [" ", make("span", { className: "badge" }, "the guide's own")] : [];
  const positions = site.mismatches.length > 0 ? ` at ${site.mismatches.join(", ")}` : "";
  return make("tr", {},
    make("td", {}, marked(site)),
    make("td", {}, place, ...own),
    make("td", {}, strand(site.strand)),
    make("td", {}, `${site.distance}${positions}`),
    make("td", { className: "number" }, score(site.cfd, 4)));
}

function showSites() {
  const next = sites.slice(shown, shown + ROWS);
  byId("sites").tBodies[0].append(...next.map(siteRow));
  shown += next.length;
  byId("sites-more").hidden = shown >= sites.length;
}

function summary(total) {
  if (total === 0) {
    return "No place of the genome is like this guide.";
  }
  const listed = sites.length < total ? `, of which the ${count(sites.length)} with the highest CFD are listed` : "";
  return `${things(total, "place")} with at most as many mismatches as the job asked for${listed}. Bases that differ from the guide are underlined.`;
}

// Loads and shows the places of a guide.
export async function showOffTargets(id, target, signal) {
  const load = async () => {
    sites = [];
    shown = 0;
    byId("sites").tBodies[0].replaceChildren();
    byId("sites-view").hidden = false;
    for (const part of ["sites-scroll", "sites-more", "sites-retry"]) {
      byId(part).hidden = true;
    }
    setText("sites-state", "Loading the places…");
    try {
      const list = await api.offTargets(id, target, signal);
      sites = list.sites;
      setText("sites-state", summary(list.total));
      byId("sites-scroll").hidden = sites.length === 0;
      showSites();
    } catch (error) {
      if (!signal.aborted) {
        setText("sites-state", error.status === 404 ? "The places of this guide are not known yet." : `The places could not be loaded: ${error.message}`);
        byId("sites-retry").hidden = false;
      }
    }
  };
  retry = load;
  await load();
}

byId("sites-retry").addEventListener("click", () => retry());
byId("sites-more").addEventListener("click", showSites);
