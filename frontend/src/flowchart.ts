// Draws a flow chart (BPMN) and shows on it which steps are done, current and late, or what changed.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

type State = "done" | "current" | "late" | "added" | "changed" | "removed";

// What a change is written as on the chart: colour alone would not tell.
const SIGNS: Partial<Record<State, string>> = { added: "+", changed: "~", removed: "−" };

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Canvas {
  viewbox(wanted?: Box): { inner: Box; outer: { width: number; height: number } };
  scrollToElement(id: string): void;
  resized(): void;
  zoom(level: number | "fit-viewport", center?: "auto"): number;
  addMarker(id: string, marker: string): void;
  scroll(delta: { dx: number; dy: number }): void;
}

interface Overlays {
  add(id: string, overlay: { position: { top: number; left: number }; html: string }): string;
}

const readScript = (id: string | undefined): string =>
  (id && document.getElementById(id)?.textContent?.trim()) || "";

async function readDiagram(chart: HTMLElement): Promise<string> {
  const { source, url } = chart.dataset;
  const script = source ? document.getElementById(source) : null;
  const text = readScript(source);
  if (text) return script?.getAttribute("type") === "application/json" ? JSON.parse(text) : text;
  const answer = await fetch(url ?? "", { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

const LEAST_READABLE = 0.65;
const ROOM_AROUND = 120;
const MARGIN = 12;
// The outline of the drawing stands clear of the edge of its frame.
const AIR = 0.97;

/** Fit the whole drawing; one too long to be read whole shows its beginning, or the step that counts. */
function fit(canvas: Canvas, counts: string | undefined): void {
  const scale = Math.min(canvas.zoom("fit-viewport", "auto") * AIR, 1);
  if (scale >= LEAST_READABLE) {
    canvas.zoom(scale, "auto");
    return;
  }
  const { inner, outer } = canvas.viewbox();
  const [width, height] = [outer.width / LEAST_READABLE, outer.height / LEAST_READABLE];
  const above = Math.max(height - inner.height, 0) / 2;
  canvas.viewbox({ x: inner.x - MARGIN, y: inner.y - above, width, height });
  if (counts) canvas.scrollToElement(counts);
}

/** Give a flat drawing a flat frame and a tall one a tall frame. */
function shape(surface: HTMLElement, canvas: Canvas): void {
  const { width, height } = canvas.viewbox().inner;
  const scale = Math.max(Math.min(1, surface.clientWidth / width), LEAST_READABLE);
  const wished = Math.min(Math.max(height * scale + ROOM_AROUND, 200), 520);
  surface.style.height = `${Math.round(wished)}px`;
  canvas.resized();
}

function moveByKeys(surface: HTMLElement, canvas: Canvas, showAll: () => void): void {
  const moves: Record<string, [number, number]> = {
    ArrowLeft: [60, 0],
    ArrowRight: [-60, 0],
    ArrowUp: [0, 60],
    ArrowDown: [0, -60],
  };
  surface.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (move) canvas.scroll({ dx: move[0], dy: move[1] });
    else if (event.key === "+") canvas.zoom(canvas.zoom(undefined as never) * 1.2, "auto");
    else if (event.key === "-") canvas.zoom(canvas.zoom(undefined as never) / 1.2, "auto");
    else if (event.key === "0") showAll();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

async function draw(chart: HTMLElement): Promise<void> {
  const surface = chart.querySelector<HTMLElement>(".flowchart-canvas");
  if (!surface || chart.dataset.drawn) return;
  chart.dataset.drawn = "yes";
  const viewer = new NavigatedViewer({ container: surface, zoomScroll: { enabled: false } });
  await viewer.importXML(await readDiagram(chart));
  const canvas = viewer.get("canvas") as Canvas;
  const registry = viewer.get("elementRegistry") as { get(id: string): { waypoints?: unknown } | undefined };
  const steps = JSON.parse(readScript(chart.dataset.steps) || "{}") as Record<string, State | State[]>;
  const overlays = viewer.get("overlays") as Overlays;
  for (const [id, states] of Object.entries(steps)) {
    const element = registry.get(id);
    if (!element) continue;
    for (const state of [states].flat()) {
      canvas.addMarker(id, `step-${state}`);
      const sign = SIGNS[state];
      // A way has bends and no corner to put a sign at; its line is marked instead.
      if (!sign || element.waypoints) continue;
      overlays.add(id, { position: { top: -12, left: -12 }, html: `<span class="sign-of-change sign-${state}">${sign}</span>` });
    }
  }
  const first = (fits: (state: State) => boolean): string | undefined => Object.keys(steps).find((id) => [steps[id]].flat().some(fits));
  const counts = first((state) => state === "current") ?? first((state) => state in SIGNS);
  const show = (): void => {
    // A frame that is not shown has no size to fit into; it is drawn once it has one.
    if (!surface.clientWidth) return;
    shape(surface, canvas);
    fit(canvas, counts);
  };
  show();
  moveByKeys(surface, canvas, show);
  const actions: Record<string, () => void> = {
    in: () => canvas.zoom(canvas.zoom(undefined as never) * 1.2, "auto"),
    out: () => canvas.zoom(canvas.zoom(undefined as never) / 1.2, "auto"),
    fit: show,
  };
  for (const button of chart.querySelectorAll<HTMLElement>("[data-zoom]")) {
    button.addEventListener("click", () => actions[button.dataset.zoom ?? "fit"]?.());
  }
  let width = surface.clientWidth;
  new ResizeObserver(() => {
    if (surface.clientWidth === width) return;
    width = surface.clientWidth;
    show();
  }).observe(surface);
}

/** A drawing that cannot be shown is said so; the steps in words stay beside it. */
async function drawOrSay(chart: HTMLElement): Promise<void> {
  try {
    await draw(chart);
  } catch (reason) {
    console.error(reason);
    chart.querySelector(".flowchart-canvas")?.remove();
    chart.querySelector(".flowchart-failed")?.removeAttribute("hidden");
  }
}

const drawAll = (): void => document.querySelectorAll<HTMLElement>("[data-flowchart]").forEach(drawOrSay);

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", drawAll);
else drawAll();
document.addEventListener("htmx:afterSwap", drawAll);
