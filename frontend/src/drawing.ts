// The page on which a workflow is drawn: canvas, panel, list of steps, checks and saving, tied together.
import { type Check, Checks } from "./drawing/checking";
import type { Fact } from "./drawing/conditions";
import { type Element, type Kind, kindOf, toolsOf, type Words } from "./drawing/diagram";
import { addBehind } from "./drawing/edits";
import { makeModeler, PHONE } from "./drawing/modeler";
import { drawOutline, markSelected } from "./drawing/outline";
import { Panel } from "./drawing/panel";
import { Saving } from "./drawing/saving";

const CHECK_PAUSE_MS = 600;
const PALETTE_WIDTH = 130;
const MARGIN = 24;
const LEAST_READABLE = 0.5;
const json = <T>(id: string): T => JSON.parse(document.getElementById(id)!.textContent!) as T;

async function start(root: HTMLElement): Promise<void> {
  const words = json<Words>("drawing-words");
  const { dataset } = root;
  const surface = root.querySelector<HTMLElement>("[data-canvas]")!;
  const list = root.querySelector<HTMLElement>("[data-outline-list]")!;
  const modeler = makeModeler(surface, (kind) => {
    const element = tools.selection.get()[0] ?? lastPlace();
    if (!element || ["end", "lane", "pool", "flow"].includes(kindOf(element) as Kind)) return;
    const added = addBehind(tools, element, kind);
    if (added) choose(added);
    panel.focusName();
  });
  const tools = toolsOf(modeler);
  const lastPlace = (): Element | undefined =>
    tools.registry.filter((one) => kindOf(one) === "start")[0];
  const read = async (): Promise<string> => (await modeler.saveXML({ format: true })).xml;

  const choose = (element: Element): void => {
    tools.selection.select(element);
    tools.canvas.scrollToElement(element, { top: 80, bottom: 80, left: 120, right: 80 });
    panel.show(element);
    showShare();
  };
  const panel = new Panel(
    root.querySelector<HTMLFormElement>("[data-panel]")!,
    tools,
    words,
    json<Fact[]>("drawing-facts"),
    dataset.unitsUrl!,
    () => modeler.getDefinitions(),
  );
  const checks = new Checks(root, tools, words, dataset.checkUrl!, (element) => {
    choose(element);
    root.querySelector<HTMLElement>("[data-panel]")!.scrollIntoView({ block: "nearest" });
    panel.focusName();
  });
  const showShare = (): void => {
    const one = tools.selection.get()[0];
    root.querySelector("[data-share]")!.textContent = one ? checks.shareOf(one.id) : "";
  };
  const outline = (): void => drawOutline(list, tools, words, checks.faults, (element) => {
    choose(element);
    root.querySelector<HTMLElement>("[data-panel]")!.scrollIntoView({ block: "nearest" });
  });
  const check = async (): Promise<void> => {
    await checks.ask(await read());
    outline();
    showShare();
  };
  /** Show the whole drawing beside the palette, as large as it can be read or as it was drawn. */
  const fit = (): void => {
    const { inner, outer } = tools.canvas.viewbox();
    const left = PHONE.matches ? MARGIN : PALETTE_WIDTH;
    const whole = Math.min((outer.width - left - MARGIN) / inner.width, (outer.height - 2 * MARGIN) / inner.height);
    const scale = Math.min(1, Math.max(whole, LEAST_READABLE));
    const [width, height] = [outer.width / scale, outer.height / scale];
    tools.canvas.viewbox({ x: inner.x - left / scale, y: inner.y - Math.max(height - inner.height, 0) / 2, width, height });
  };
  let isOpening = true;
  const open = async (xml: string): Promise<void> => {
    isOpening = true;
    await modeler.importXML(xml);
    isOpening = false;
    fit();
    // The palette offers lanes only where there are none.
    tools.events.fire("i18n.changed");
    panel.show(undefined);
    outline();
    showUndo();
    void check();
  };
  const saving = new Saving(
    root,
    words,
    { save: dataset.saveUrl!, newest: dataset.newestUrl!, restore: dataset.restoreUrl! },
    Number(dataset.revision),
    read,
    open,
  );
  const undo = root.querySelector<HTMLButtonElement>("[data-undo]")!;
  const redo = root.querySelector<HTMLButtonElement>("[data-redo]")!;
  const showUndo = (): void => {
    undo.disabled = !tools.stack.canUndo();
    redo.disabled = !tools.stack.canRedo();
  };
  undo.addEventListener("click", () => tools.stack.undo());
  redo.addEventListener("click", () => tools.stack.redo());
  const zooms: Record<string, () => void> = {
    in: () => tools.canvas.zoom(tools.canvas.zoom() * 1.2, "auto"),
    out: () => tools.canvas.zoom(tools.canvas.zoom() / 1.2, "auto"),
    fit,
  };
  for (const button of root.querySelectorAll<HTMLElement>("[data-zoom]")) {
    button.addEventListener("click", () => zooms[button.dataset.zoom!]());
  }
  root.querySelector("[data-close-newer]")!.addEventListener("click", () => {
    root.querySelector<HTMLElement>("[data-newer]")!.hidden = true;
  });
  root.addEventListener("keydown", (event) => {
    const isTyping = (event.target as HTMLElement).matches("input, select, textarea, [contenteditable]");
    if (isTyping || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    if (surface.contains(event.target as Node)) return;
    if (event.key === "z" && !event.shiftKey) tools.stack.undo();
    else if (event.key === "y" || (event.key === "z" && event.shiftKey)) tools.stack.redo();
    else return;
    event.preventDefault();
  });
  let pause = 0;
  tools.events.on("commandStack.changed", () => {
    if (isOpening) return;
    showUndo();
    outline();
    panel.show(tools.selection.get()[0]);
    saving.touch();
    clearTimeout(pause);
    pause = window.setTimeout(() => void check(), CHECK_PAUSE_MS);
  });
  tools.events.on("selection.changed", () => {
    const [element] = tools.selection.get();
    panel.show(element);
    markSelected(list, element?.id);
    showShare();
  });
  await open(json<string>("drawing-xml"));
  checks.show(json<Check>("drawing-check"));
  outline();
  root.dataset.ready = "yes";
}

const root = document.querySelector<HTMLElement>("[data-drawing]");
if (root) {
  start(root).catch((reason) => {
    console.error(reason);
    root.querySelector<HTMLElement>("[data-failed]")!.hidden = false;
  });
}
