// Draws figures that a table on the same page also tells: bars that open to their rows, and points.
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

echarts.use([
  AriaComponent,
  BarChart,
  GridComponent,
  LabelLayout,
  LegendComponent,
  LineChart,
  ScatterChart,
  SVGRenderer,
  TooltipComponent,
]);

interface Bar {
  label: string;
  value: number;
  words: string;
  url: string;
}

interface Pair {
  label: string;
  values: [number, number];
  words: [string, string];
  urls: [string, string];
}

interface Point {
  x: number;
  y: number;
  words: string;
}

type Content =
  | { kind: "bars"; unit: string; bars: Bar[] }
  | { kind: "pairs"; names: [string, string]; pairs: Pair[] }
  | { kind: "reliability"; x: string; y: string; points: Point[] };

const BAR_HEIGHT = 44;
const PAIR_HEIGHT = 64;

function ink(chart: HTMLElement): { text: string; line: string; fill: string } {
  const read = (name: string) => getComputedStyle(chart).getPropertyValue(name).trim();
  return {
    text: getComputedStyle(chart).color,
    line: read("--tblr-border-color") || "#c8ccd2",
    fill: read("--tblr-primary") || "#066fd1",
  };
}

function ofBars(content: Extract<Content, { kind: "bars" }>, chart: HTMLElement) {
  const { text, line, fill } = ink(chart);
  const width = Math.min(260, chart.clientWidth * 0.42);
  return {
    grid: { left: 8, right: 72, top: 8, bottom: 8, containLabel: true },
    xAxis: {
      type: "value",
      splitLine: { lineStyle: { color: line } },
      axisLabel: { show: false },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: content.bars.map((bar) => bar.label),
      axisLabel: { color: text, width, overflow: "break", lineHeight: 15 },
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
    },
    series: [
      {
        type: "bar",
        barMaxWidth: 22,
        itemStyle: { color: fill, borderRadius: 3 },
        label: {
          show: true,
          position: "right",
          color: text,
          formatter: (item: { dataIndex: number }) => content.bars[item.dataIndex].words,
        },
        data: content.bars.map((bar) => bar.value),
      },
    ],
  };
}

function ofPairs(content: Extract<Content, { kind: "pairs" }>, chart: HTMLElement) {
  const { text, line, fill } = ink(chart);
  const width = Math.min(260, chart.clientWidth * 0.42);
  return {
    legend: { top: 0, left: 0, textStyle: { color: text } },
    grid: { left: 8, right: 72, top: 36, bottom: 8, containLabel: true },
    xAxis: {
      type: "value",
      splitLine: { lineStyle: { color: line } },
      axisLabel: { show: false },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: content.pairs.map((pair) => pair.label),
      axisLabel: { color: text, width, overflow: "break", lineHeight: 15 },
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
    },
    series: content.names.map((name, side) => ({
      name,
      type: "bar",
      barMaxWidth: 18,
      // Told apart by place and by more than colour: what was is an outline, what comes is full.
      itemStyle: side
        ? { color: fill, borderRadius: 3 }
        : { color: "transparent", borderColor: text, borderWidth: 1.5, borderRadius: 3 },
      label: {
        show: true,
        position: "right",
        color: text,
        formatter: (item: { dataIndex: number }) => content.pairs[item.dataIndex].words[side],
      },
      data: content.pairs.map((pair) => pair.values[side]),
    })),
  };
}

function ofReliability(content: Extract<Content, { kind: "reliability" }>, chart: HTMLElement) {
  const { text, line, fill } = ink(chart);
  const axis = (name: string) => ({
    type: "value",
    min: 0,
    max: 100,
    name,
    nameLocation: "middle",
    nameGap: 30,
    nameTextStyle: { color: text },
    axisLabel: { color: text, formatter: "{value}%" },
    splitLine: { lineStyle: { color: line } },
  });
  return {
    grid: { left: 56, right: 24, top: 16, bottom: 48 },
    xAxis: axis(content.x),
    yAxis: { ...axis(content.y), nameGap: 42 },
    series: [
      {
        type: "line",
        symbol: "none",
        silent: true,
        lineStyle: { type: "dashed", color: text, width: 1 },
        data: [
          [0, 0],
          [100, 100],
        ],
      },
      {
        type: "scatter",
        symbolSize: 14,
        itemStyle: { color: fill },
        label: {
          show: true,
          position: "top",
          color: text,
          formatter: (item: { dataIndex: number }) => content.points[item.dataIndex].words,
        },
        // On a phone the words of points would lie on each other; the table below has them all.
        labelLayout: { hideOverlap: true },
        data: content.points.map((point) => [point.x, point.y]),
      },
    ],
  };
}

function heightOf(content: Content): string {
  if (content.kind === "bars") return `${content.bars.length * BAR_HEIGHT + 24}px`;
  if (content.kind === "pairs") return `${content.pairs.length * PAIR_HEIGHT + 56}px`;
  return "22rem";
}

function optionOf(content: Content, chart: HTMLElement) {
  if (content.kind === "bars") return ofBars(content, chart);
  if (content.kind === "pairs") return ofPairs(content, chart);
  return ofReliability(content, chart);
}

function addressOf(content: Content, row: number, side: number): string | undefined {
  if (content.kind === "bars") return content.bars[row]?.url;
  return content.kind === "pairs" ? content.pairs[row]?.urls[side] : undefined;
}

function draw(chart: HTMLElement): void {
  const script = document.getElementById(chart.dataset.chart ?? "");
  if (!script?.textContent) return;
  const content = JSON.parse(script.textContent) as Content;
  chart.style.height = heightOf(content);
  const drawing = echarts.init(chart, undefined, { renderer: "svg" });
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const redraw = (): void => {
    const option = optionOf(content, chart);
    drawing.setOption({ ...option, animation: !still } as echarts.EChartsCoreOption, true);
  };
  redraw();
  drawing.on("click", (event) => {
    const url = addressOf(content, event.dataIndex as number, event.seriesIndex ?? 0);
    if (url) window.location.assign(url);
  });
  new ResizeObserver(() => {
    drawing.resize();
    redraw();
  }).observe(chart.parentElement ?? chart);
  new MutationObserver(redraw).observe(document.documentElement, {
    attributeFilter: ["data-bs-theme"],
  });
}

// A page with several charts runs this as often: each is drawn once.
for (const chart of document.querySelectorAll<HTMLElement>("[data-chart]:not([data-drawn])")) {
  chart.dataset.drawn = "";
  draw(chart);
}
