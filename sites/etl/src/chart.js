// Line charts, told apart by color, dashes and the shape of points, and readable by keyboard.

import {
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";

import { element } from "./elements.js";
import { FIGURES } from "./model.js";
import { formatCompact, formatNumber } from "./format.js";

Chart.register(CategoryScale, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip);

const LOOKS = {
  cases: { color: "#1257b0", dashes: [], shape: "circle", axis: "y" },
  recoveries: { color: "#1a7431", dashes: [10, 5], shape: "triangle", axis: "y" },
  // Of another size than the others: on the same axis they would be a line along its bottom.
  deaths: { color: "#b3261e", dashes: [2, 4], shape: "rect", axis: "deaths" },
};
// With more points than this, shapes would hide the line.
const SHAPED_POINTS = 40;

// A chart in its frame. `points` are ascending; `table` is the id of the table with the same figures.
export function chart(points, { title, table }) {
  const help = element("p", { class: "hidden-text", "aria-live": "polite" });
  const canvas = element("canvas", {
    role: "img",
    tabindex: "0",
    "aria-label": `${title}, chart. The table has the same figures; the arrow keys go from point to point.`,
    "aria-details": table,
  });
  const frame = element("div", { class: "chart" }, canvas);
  const made = new Chart(canvas, { type: "line", data: data(points), options: options() });
  readByKeyboard(canvas, made, points, help);
  return { elements: [frame, help], destroy: () => made.destroy() };
}

function data(points) {
  const radius = points.length > SHAPED_POINTS ? 0 : 4;
  const datasets = FIGURES.map(({ key, label }) => {
    const { color, dashes, shape, axis } = LOOKS[key];
    return {
      label: key === "deaths" ? `${label} (right scale)` : label,
      data: points.map((point) => point[key]),
      yAxisID: axis,
      borderColor: color,
      backgroundColor: color,
      borderDash: dashes,
      borderWidth: 2,
      pointStyle: shape,
      pointRadius: radius,
      pointHoverRadius: 6,
    };
  });
  return { labels: points.map(({ name, note }) => (note === null ? name : `${name} (${note})`)), datasets };
}

function options() {
  const scale = (position, title) => ({
    position,
    title: { display: true, text: title, color: "#1b1f23" },
    ticks: { callback: formatCompact, color: "#1b1f23", maxTicksLimit: 6 },
    beginAtZero: true,
    grid: { drawOnChartArea: position === "left" },
  });
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    spanGaps: false,
    interaction: { mode: "index", intersect: false },
    scales: {
      x: { ticks: { color: "#1b1f23", maxRotation: 0, autoSkip: true, autoSkipPadding: 40 }, grid: { display: false } },
      y: scale("left", "Cases, recoveries"),
      deaths: scale("right", "Deaths"),
    },
    plugins: {
      legend: { position: "bottom", labels: { color: "#1b1f23", usePointStyle: true, pointStyle: "line", pointStyleWidth: 36, generateLabels } },
      tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${formatNumber(raw)}` } },
    },
  };
}

// The library takes the looks of a line in the legend from its points, which have no dashes.
function generateLabels(made) {
  const labels = Chart.defaults.plugins.legend.labels.generateLabels(made);
  return labels.map((label) => ({ ...label, lineDash: made.data.datasets[label.datasetIndex].borderDash }));
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30, Home: -Infinity, End: Infinity };

// The arrow keys go from point to point: the tooltip shows it, and the live region says it.
function readByKeyboard(canvas, made, points, live) {
  let current = points.length - 1;
  const showCurrent = () => {
    const active = FIGURES.map((_, datasetIndex) => ({ datasetIndex, index: current })).filter(
      ({ datasetIndex }) => made.data.datasets[datasetIndex].data[current] !== null,
    );
    const { x, y } = made.getDatasetMeta(0).data[current];
    made.setActiveElements(active);
    made.tooltip.setActiveElements(active, { x, y });
    made.update();
    const point = points[current];
    const figures = FIGURES.map(({ key, label }) => `${label.toLowerCase()} ${formatNumber(point[key])}`).join(", ");
    live.textContent = `${point.name}${point.note === null ? "" : `, ${point.note}`}: ${figures}`;
  };
  canvas.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    event.preventDefault();
    current = Math.min(Math.max(current + step, 0), points.length - 1);
    showCurrent();
  });
  canvas.addEventListener("focus", () => {
    if (canvas.matches(":focus-visible")) {
      showCurrent();
    }
  });
  canvas.addEventListener("blur", () => {
    made.setActiveElements([]);
    made.tooltip.setActiveElements([], { x: 0, y: 0 });
    made.update();
    live.textContent = "";
  });
}
