// The checks while drawing: what the server finds, in words in a list and as marks on the drawing.
import { type Element, type Tools, type Words } from "./diagram";
import { send } from "./sending";

export interface Fault {
  severity: "error" | "warning";
  code: string;
  element: string;
  text: string;
}

interface Way {
  steps: { element: string; width: number; share: string; words: string }[];
  legal_at: number | null;
  is_over: boolean;
  words: string;
  uncounted: string;
}

export interface Check {
  faults: Fault[];
  count: string;
  way: Way | null;
}

export class Checks {
  faults: Fault[] = [];
  way: Way | null = null;
  private marked: [string, string][] = [];
  private last = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly tools: Tools,
    private readonly words: Words,
    private readonly url: string,
    private readonly choose: (element: Element) => void,
  ) {}

  /** Ask the server; an answer to an earlier question that comes late is not shown. */
  async ask(xml: string): Promise<void> {
    const mine = ++this.last;
    const answer = await send<Check>(this.url, xml).catch(() => null);
    if (mine !== this.last) return;
    if (answer?.ok) this.show(answer.body);
    else this.root.querySelector("[data-count]")!.textContent = this.words.check_failed;
  }

  show(check: Check): void {
    this.faults = check.faults;
    this.way = check.way;
    this.root.querySelector("[data-count]")!.textContent = check.count;
    this.root.querySelector("[data-faults]")!.replaceChildren(...check.faults.map((fault) => this.item(fault)));
    this.mark();
    this.showWay();
  }

  /** The share of the legal limit that a step takes, as the panel says it beside its limit. */
  shareOf(id: string): string {
    return this.way?.steps.find((step) => step.element === id)?.words ?? "";
  }

  private item(fault: Fault): HTMLElement {
    const item = document.createElement("li");
    const sign = Object.assign(document.createElement("span"), {
      className: `fault-word fault-${fault.severity}`,
      textContent: this.words[fault.severity],
    });
    const element = this.tools.registry.get(fault.element);
    const text = Object.assign(document.createElement(element ? "button" : "span"), { textContent: fault.text });
    if (element) {
      text.className = "drawing-link";
      text.setAttribute("type", "button");
      text.addEventListener("click", () => this.choose(element));
    }
    item.append(sign, text);
    return item;
  }

  private mark(): void {
    for (const [id, marker] of this.marked) {
      if (this.tools.registry.get(id)) this.tools.canvas.removeMarker(id, marker);
    }
    this.tools.overlays.remove({ type: "fault" });
    this.marked = [];
    const worst = new Map<string, string>();
    for (const { element, severity } of this.faults) {
      if (worst.get(element) !== "error") worst.set(element, severity);
    }
    for (const [id, severity] of worst) {
      const element = this.tools.registry.get(id);
      if (!element || !element.parent) continue;
      this.tools.canvas.addMarker(id, `fault-${severity}`);
      this.marked.push([id, `fault-${severity}`]);
      const html = Object.assign(document.createElement("span"), { className: `fault-sign fault-${severity}`, textContent: severity === "error" ? "!" : "?" });
      html.setAttribute("aria-hidden", "true");
      this.tools.overlays.add(id, "fault", { position: { top: -12, left: -12 }, html });
    }
  }

  private showWay(): void {
    const part = this.root.querySelector<HTMLElement>("[data-way]")!;
    part.hidden = !this.way;
    if (!this.way) return;
    part.querySelector("[data-way-words]")!.textContent = this.way.words;
    part.querySelector("[data-way-rest]")!.textContent = this.way.uncounted;
    const bar = part.querySelector<HTMLElement>("[data-way-bar]")!;
    bar.classList.toggle("is-over", this.way.is_over);
    bar.replaceChildren(
      ...this.way.steps.map((step) => {
        const piece = document.createElement("li");
        piece.style.width = `${step.width}%`;
        piece.title = step.words;
        const short = Object.assign(document.createElement("span"), { textContent: step.share });
        short.setAttribute("aria-hidden", "true");
        piece.append(short, Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: step.words }));
        return piece;
      }),
    );
    const mark = part.querySelector<HTMLElement>("[data-way-legal]")!;
    mark.hidden = this.way.legal_at === null;
    mark.style.left = `${this.way.legal_at ?? 0}%`;
  }
}
