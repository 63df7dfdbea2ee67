// The drawing as a list: each lane and each place in reading order, to select by keyboard, ear or thumb.
import type { Fault } from "./checking";
import { type Element, isNode, kindOf, labelOf, type Tools, type Words } from "./diagram";
import { laneOf } from "./edits";

const unitOf = (lane: Element, words: Words): string => {
  const unit: string = lane.businessObject.get("motcua:unit") ?? "";
  return words[`unit_${unit}`] ?? unit.replace("AGENCY:", "");
};

const shorten = (element: Element, tools: Tools, words: Words): string => {
  const own = (name: string): string => element.businessObject.get(`motcua:${name}`) ?? "";
  const lane = laneOf(tools, element);
  return [lane ? labelOf(lane, words) : "", words[`role_${own("role")}`] ?? "", own("limit")].filter(Boolean).join(" · ");
};

export function drawOutline(
  list: HTMLElement,
  tools: Tools,
  words: Words,
  faults: Fault[],
  choose: (element: Element) => void,
): void {
  const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("[data-outline]")?.dataset.outline;
  const selected = tools.selection.get()[0]?.id;
  const lanes = tools.registry
    .filter((one) => ["pool", "lane"].includes(kindOf(one)))
    .sort((a, b) => a.y - b.y || b.height - a.height);
  const nodes = tools.registry.filter(isNode).sort((a, b) => a.x - b.x || a.y - b.y);
  list.replaceChildren(
    ...[...lanes, ...nodes].map((element) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "outline-item" });
      button.dataset.outline = element.id;
      button.setAttribute("aria-pressed", String(element.id === selected));
      const add = (name: string, text: string): void => {
        if (text) button.append(Object.assign(document.createElement("span"), { className: name, textContent: text }));
      };
      add("outline-kind", words[kindOf(element)] ?? "");
      add("outline-name", labelOf(element, words));
      add("outline-more", ["pool", "lane"].includes(kindOf(element)) ? unitOf(element, words) : shorten(element, tools, words));
      const found = faults.filter((fault) => fault.element === element.id);
      const worst = found.some((fault) => fault.severity === "error") ? "error" : found[0]?.severity;
      if (worst) add(`fault-word fault-${worst}`, words[worst]);
      button.addEventListener("click", () => choose(element));
      item.append(button);
      return item;
    }),
  );
  if (focused) list.querySelector<HTMLElement>(`[data-outline="${CSS.escape(focused)}"]`)?.focus();
}

export function markSelected(list: HTMLElement, id: string | undefined): void {
  for (const button of list.querySelectorAll<HTMLElement>("[data-outline]")) {
    button.setAttribute("aria-pressed", String(button.dataset.outline === id));
  }
}
