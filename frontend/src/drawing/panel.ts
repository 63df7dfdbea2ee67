// The form beside the canvas: everything about the selected element that is not its place on paper.
import { type Fact, OPERATORS, readRows, type Row, writeRows } from "./conditions";
import {
  ACTIVITIES,
  bearer,
  CHOICES,
  type Element,
  isNode,
  kindOf,
  labelOf,
  type Tools,
  type Words,
} from "./diagram";
import * as edits from "./edits";
import { siblings } from "./modeler";

const AGENCY = "AGENCY:";
const find = <T extends HTMLElement>(root: ParentNode, selector: string): T => root.querySelector<T>(selector)!;
const option = (value: string, text: string, selected: string): HTMLOptionElement =>
  new Option(text, value, false, value === selected);

export class Panel {
  private element?: Element;
  private isFilling = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly tools: Tools,
    private readonly words: Words,
    private readonly facts: Fact[],
    private readonly unitsUrl: string,
    private readonly definitions: () => any,
  ) {
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => this.changed(event.target as HTMLElement));
    form.addEventListener("click", (event) => {
      const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button[data-do]");
      if (button) this.act(button.dataset.do!, button);
    });
    this.input("agency").addEventListener("input", () => this.searchUnits());
  }

  /** Show an element; the field somebody is in keeps what is being typed. */
  show(element: Element | undefined): void {
    const shown = element && bearer(element);
    const isSame = shown?.id === this.element?.id;
    this.element = shown;
    const kind = shown ? kindOf(shown) : "none";
    this.form.dataset.kind = kind;
    for (const part of this.form.querySelectorAll<HTMLElement>("[data-kinds]")) {
      part.hidden = !part.dataset.kinds!.split(" ").includes(kind);
    }
    find(this.form, "[data-kind-name]").textContent = this.words[kind] ?? "";
    if (!shown || kind === "other") return;
    this.isFilling = true;
    const active = document.activeElement;
    this.fill(shown, (field) => isSame && field === active);
    this.isFilling = false;
  }

  focusName(): void {
    this.input("name").focus();
    (this.input("name") as HTMLInputElement).select?.();
  }

  private input(name: string): HTMLInputElement {
    return find<HTMLInputElement>(this.form, `[name="${name}"]`);
  }

  private fill(element: Element, isBusy: (field: HTMLElement) => boolean): void {
    const put = (name: string, value: string): void => {
      const field = this.input(name);
      if (!isBusy(field)) field.value = value;
    };
    const own = (name: string): string => element.businessObject.get(`motcua:${name}`) ?? "";
    const kind = kindOf(element);
    put("name", element.businessObject.name ?? "");
    if (kind === "lane" || isNode(element)) {
      for (const name of ["role", "limit", "form", "sms", "action"]) put(name, own(name));
      put("documents", own("documents").split(";").map((part) => part.trim()).filter(Boolean).join("\n"));
      this.input("on_the_spot").checked = own("onTheSpot") === "true";
      const outcomes = own("outcomes").split(",").map((part) => part.trim());
      for (const box of this.form.querySelectorAll<HTMLInputElement>('[name="outcome"]')) {
        box.checked = outcomes.includes(box.value);
      }
      this.fillUnit(own("unit"), put);
    }
    if (kind === "timer") {
      put("timer", edits.timerOf(element));
      this.input("interrupts").checked = element.businessObject.cancelActivity !== false;
    }
    if (kind === "message") this.fillMessage(edits.messageOf(element), put);
    if (kind === "call") put("called", element.businessObject.calledElement ?? "");
    if (kind === "flow") this.fillCondition(element);
    if (kind === "pool") put("norm", element.businessObject.processRef?.get("motcua:norm") ?? "");
    this.fillLists(element);
  }

  private fillUnit(unit: string, put: (name: string, value: string) => void): void {
    const isAgency = unit.startsWith(AGENCY);
    put("unit", isAgency ? AGENCY : unit);
    const code = isAgency ? unit.slice(AGENCY.length) : "";
    if (!this.input("agency").value.endsWith(`(${code})`)) put("agency", code);
    this.showAgency();
    if (code && !this.input("agency").value.includes("(")) void this.nameUnit(code);
  }

  private showAgency(): void {
    const isAgency = this.input("unit").value === AGENCY;
    find(this.form, "[data-agency]").hidden = !isAgency;
  }

  private fillMessage(message: string, put: (name: string, value: string) => void): void {
    const [kind, ...rest] = message.split(".");
    put("message", kind);
    put("system", rest.join("."));
    find(this.form, "[data-system]").hidden = kind !== "ANSWER";
  }

  private fillLists(element: Element): void {
    const { tools, words } = this;
    const list = (name: string, options: HTMLOptionElement[]): void =>
      (this.input(name) as unknown as HTMLSelectElement).replaceChildren(...options);
    const lanes = tools.registry.filter((one) => kindOf(one) === "lane" && !edits.hasLanes(one));
    const lane = edits.laneOf(tools, element);
    list("lane", lanes.map((one) => option(one.id, labelOf(one, words), lane?.id ?? "")));
    find(this.form, "[data-lanes]").hidden = !lanes.length || !isNode(element) || kindOf(element) === "timer";
    const kinds = siblings(element);
    list("kind", [kindOf(element), ...kinds].map((kind) => option(kind, words[kind] ?? kind, kindOf(element))));
    find(this.form, "[data-sorts]").hidden = !kinds.length;
    const ways = element.outgoing?.filter((one) => kindOf(one) === "flow") ?? [];
    list("default", [
      option("", words.no_default, element.businessObject.default?.id ?? ""),
      ...ways.map((way) => option(way.id, this.wayTo(way), element.businessObject.default?.id ?? "")),
    ]);
    find(this.form, "[data-ways]").replaceChildren(...ways.map((way) => this.wayButton(way)));
    find(this.form, "[data-ways-head]").hidden = !ways.length;
    const targets = tools.registry.filter((one) => isNode(one) && one !== element && !["start", "timer"].includes(kindOf(one)));
    list("target", targets.map((one) => option(one.id, labelOf(one, words), "")));
    for (const one of Array.from((this.input("add") as unknown as HTMLSelectElement).options)) {
      one.hidden = one.disabled = one.value === "timer" && !ACTIVITIES.includes(kindOf(element));
    }
  }

  private wayTo(way: Element): string {
    const target = labelOf(way.target!, this.words);
    return way.businessObject.name ? `${way.businessObject.name} → ${target}` : `→ ${target}`;
  }

  private wayButton(way: Element): HTMLElement {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "drawing-link";
    button.textContent = this.wayTo(way);
    button.addEventListener("click", () => {
      this.tools.selection.select(way);
      this.focusName();
    });
    const text = edits.conditionOf(way);
    item.append(button);
    if (text) item.append(Object.assign(document.createElement("code"), { textContent: text }));
    return item;
  }

  private fillCondition(flow: Element): void {
    const source = kindOf(flow.source);
    const isDefault = flow.source?.businessObject.default === flow.businessObject;
    find(this.form, "[data-condition]").hidden = !CHOICES.includes(source) || isDefault;
    find(this.form, "[data-is-default]").hidden = !isDefault;
    const text = edits.conditionOf(flow);
    const read = readRows(text);
    this.input("raw").value = text;
    find(this.form, "[data-raw]").hidden = read !== null;
    find(this.form, "[data-rows]").hidden = read === null;
    if (!read) return;
    this.input("joint").value = read.joint;
    find(this.form, "[data-joint]").hidden = read.rows.length < 2;
    const rows = read.rows.length ? read.rows : [{ fact: "", operator: "==", value: "" }];
    find(this.form, "[data-row-list]").replaceChildren(...rows.map((row, index) => this.rowOf(row, index)));
  }

  private rowOf(row: Row, index: number): HTMLElement {
    const { words } = this;
    const line = document.createElement("div");
    line.className = "drawing-row";
    const fact = this.facts.find((one) => one.name === row.fact);
    const name = (part: string): string => `${words[part]} ${index + 1}`;
    const names = this.facts.some((one) => one.name === row.fact) || !row.fact ? this.facts : [...this.facts, { name: row.fact, label: row.fact, kind: "text" as const, values: [] }];
    const facts = select(name("fact"), "fact", [option("", words.choose, row.fact), ...names.map((one) => option(one.name, one.label, row.fact))]);
    const operators = OPERATORS[fact?.kind ?? "text"];
    const operator = select(name("operator"), "operator", operators.map((sign) => option(sign, words[sign] ?? sign, row.operator)));
    const value = fact?.values.length
      ? select(name("value"), "value", [option("", words.choose, row.value), ...valuesOf(fact, row.value).map(([key, text]) => option(key, text, row.value))])
      : fact?.kind === "flag"
        ? select(name("value"), "value", [option("true", words.yes, row.value), option("false", words.no, row.value)])
        : Object.assign(document.createElement("input"), { className: "form-control", name: "value", value: row.value, inputMode: fact?.kind === "number" ? "decimal" : "text" });
    value.setAttribute("aria-label", name("value"));
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: words.remove });
    remove.dataset.do = "remove-row";
    remove.setAttribute("aria-label", `${words.remove} ${index + 1}`);
    line.append(facts, operator, value, remove);
    return line;
  }

  private rows(): Row[] {
    return [...this.form.querySelectorAll<HTMLElement>(".drawing-row")].map((line) => ({
      fact: find<HTMLSelectElement>(line, '[name="fact"]').value,
      operator: find<HTMLSelectElement>(line, '[name="operator"]').value,
      value: find<HTMLInputElement>(line, '[name="value"]').value.trim(),
    }));
  }

  private showRows(rows: Row[]): void {
    find(this.form, "[data-row-list]").replaceChildren(...rows.map((row, index) => this.rowOf(row, index)));
    find(this.form, "[data-joint]").hidden = rows.length < 2;
  }

  private changed(field: HTMLElement): void {
    const element = this.element;
    if (!element || this.isFilling || !(field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement)) return;
    const value = field.value.trim();
    const own = (name: string, text: string): void => edits.set(this.tools, element, { [`motcua:${name}`]: text || undefined });
    const actions: Record<string, () => void> = {
      name: () => edits.set(this.tools, element, { name: value || undefined }),
      role: () => own("role", value),
      limit: () => own("limit", value),
      form: () => own("form", value),
      sms: () => own("sms", value),
      action: () => own("action", value),
      documents: () => own("documents", value.split("\n").map((line) => line.trim()).filter(Boolean).join("; ")),
      on_the_spot: () => own("onTheSpot", (field as HTMLInputElement).checked ? "true" : ""),
      outcome: () => own("outcomes", this.outcomes(element)),
      unit: () => this.setUnit(value, own),
      agency: () => this.setAgency(value, own),
      timer: () => edits.setTimer(this.tools, element, value),
      interrupts: () => edits.set(this.tools, element, { cancelActivity: (field as HTMLInputElement).checked }),
      message: () => this.setMessage(element),
      system: () => this.setMessage(element),
      called: () => edits.set(this.tools, element, { calledElement: value || undefined }),
      lane: () => this.toLane(element, value),
      kind: () => this.become(element, value),
      default: () => edits.set(this.tools, element, { default: this.tools.registry.get(value)?.businessObject }),
      norm: () => edits.setNorm(this.tools, element, value),
      raw: () => edits.setCondition(this.tools, element, value),
      joint: () => this.setRows(element),
      fact: () => this.showRows(this.rows().map((row) => ({ ...row, operator: row.operator || "==" }))),
      operator: () => this.setRows(element),
      value: () => this.setRows(element),
    };
    actions[field.name]?.();
  }

  private outcomes(element: Element): string {
    const boxes = [...this.form.querySelectorAll<HTMLInputElement>('[name="outcome"]')];
    const known = boxes.map((box) => box.value);
    const others = (element.businessObject.get("motcua:outcomes") ?? "")
      .split(",")
      .map((part: string) => part.trim())
      .filter((part: string) => part && !known.includes(part));
    return [...boxes.filter((box) => box.checked).map((box) => box.value), ...others].join(",");
  }

  private setUnit(value: string, own: (name: string, text: string) => void): void {
    this.showAgency();
    if (value !== AGENCY) own("unit", value);
    else this.input("agency").focus();
  }

  /** An agency counts once it was chosen from the list: its name with its code. */
  private setAgency(value: string, own: (name: string, text: string) => void): void {
    const code = /\(([^()]+)\)$/.exec(value)?.[1] ?? (/^[A-Za-z0-9][\w.-]*$/.test(value) ? value : "");
    if (code) own("unit", `${AGENCY}${code}`);
  }

  private setMessage(element: Element): void {
    const kind = this.input("message").value;
    const system = kind === "ANSWER" ? this.input("system").value.trim() : "";
    edits.setMessage(this.tools, this.definitions(), element, system ? `${kind}.${system}` : kind);
  }

  private setRows(element: Element): void {
    const joint = this.input("joint").value === "or" ? "or" : "and";
    edits.setCondition(this.tools, element, writeRows(this.rows(), joint, this.facts));
  }

  private toLane(element: Element, id: string): void {
    const lane = this.tools.registry.get(id);
    if (lane) edits.moveToLane(this.tools, element, lane);
  }

  private become(element: Element, kind: string): void {
    this.tools.selection.select(edits.become(this.tools, element, kind));
  }

  private act(action: string, button: HTMLButtonElement): void {
    const element = this.element;
    if (!element) return;
    if (action === "add") {
      const added = edits.addBehind(this.tools, element, this.input("add").value);
      if (added) this.tools.selection.select(added);
      this.focusName();
    } else if (action === "connect") {
      const target = this.tools.registry.get(this.input("target").value);
      if (target) this.tools.selection.select(edits.connect(this.tools, element, target));
    } else if (action === "delete") {
      this.tools.modeling.removeElements([element]);
      this.tools.selection.select(null);
    } else if (action === "add-row") {
      this.showRows([...this.rows(), { fact: "", operator: "==", value: "" }]);
    } else if (action === "remove-row") {
      button.closest(".drawing-row")?.remove();
      this.setRows(element);
    } else if (action === "add-lane") {
      this.tools.modeling.addLane(element, "bottom");
    }
  }

  private async searchUnits(): Promise<void> {
    const text = this.input("agency").value.trim();
    if (text.length < 2 || text.endsWith(")")) return;
    const found = await this.fetchUnits(text);
    find<HTMLDataListElement>(this.form, "#drawing-agencies").replaceChildren(
      ...found.map((unit) => new Option("", `${unit.name} (${unit.code})`)),
    );
  }

  private async nameUnit(code: string): Promise<void> {
    const unit = (await this.fetchUnits(code)).find((one) => one.code === code);
    if (unit && this.input("agency").value === code) this.input("agency").value = `${unit.name} (${code})`;
  }

  private async fetchUnits(text: string): Promise<{ code: string; name: string }[]> {
    const answer = await fetch(`${this.unitsUrl}?q=${encodeURIComponent(text)}`, { credentials: "same-origin" });
    return answer.ok ? (await answer.json()).units : [];
  }
}

function select(label: string, name: string, options: HTMLOptionElement[]): HTMLSelectElement {
  const field = Object.assign(document.createElement("select"), { className: "form-select", name });
  field.setAttribute("aria-label", label);
  field.append(...options);
  return field;
}

/** The values of a fact, with one that is drawn but not known. */
const valuesOf = (fact: Fact, value: string): [string, string][] =>
  !value || fact.values.some(([key]) => key === value) ? fact.values : [...fact.values, [value, value]];
