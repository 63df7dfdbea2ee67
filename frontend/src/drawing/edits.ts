// What the panel does to a drawing, each as one step of undo: add behind, connect, move to a lane, set.
import { ACTIVITIES, bearer, type Element, kindOf, type Moddle, type Tools, TYPES } from "./diagram";

const GAP = 60;
const SIZES: Record<string, [number, number]> = { user: [100, 80], service: [100, 80], call: [100, 80] };

/** Do several changes as one, so that one undo takes them back. */
export function together(tools: Tools, run: () => void): void {
  const name = "drawing.together";
  try {
    tools.stack.register(name, {
      preExecute: (context: { run: () => void }) => context.run(),
      execute: () => [],
      revert: () => [],
    });
  } catch {
    // Registered by an earlier change.
  }
  tools.stack.execute(name, { run });
}

/** Add an element behind another: into its only way on, else on a new way; a timer sits on the step. */
export function addBehind(tools: Tools, element: Element, kind: string): Element | undefined {
  const { icon: _icon, ...attributes } = TYPES[kind];
  const shape = tools.factory.createShape(attributes);
  let added: Element | undefined;
  together(tools, () => {
    if (kind === "timer") {
      const corner = { x: element.x + element.width - 20, y: element.y + element.height };
      added = tools.modeling.createShape(shape, corner, element, { attach: true });
      return;
    }
    const [way, ...others] = element.outgoing.filter((one) => kindOf(one) === "flow");
    const isOnWay = way && !others.length && kind !== "end" && kind !== "start" && kindOf(element) !== "timer";
    added = isOnWay ? insert(tools, element, way, shape, kind) : append(tools, element, shape, kind);
  });
  if (tools.editing.isActive()) tools.editing.cancel();
  return added;
}

function insert(tools: Tools, element: Element, way: Element, shape: Element, kind: string): Element {
  const width = (SIZES[kind] ?? [50, 50])[0];
  const right = element.x + element.width;
  makeRoom(tools, element, width + GAP);
  const target = way.target!;
  const added = tools.modeling.createShape(
    shape,
    { x: right + GAP + width / 2, y: element.y + element.height / 2 },
    element.parent,
  );
  tools.modeling.reconnectEnd(way, added, { x: added.x, y: added.y + added.height / 2 });
  tools.modeling.connect(added, target);
  return added;
}

function append(tools: Tools, element: Element, shape: Element, kind: string): Element {
  const [width, height] = SIZES[kind] ?? [50, 50];
  const x = element.x + element.width + GAP + width / 2;
  let y = element.y + element.height / 2;
  if (kindOf(element) === "timer") y += GAP + height / 2;
  const isTaken = (): boolean =>
    tools.registry.filter(
      (one) =>
        !!one.width &&
        !one.labelTarget &&
        !["lane", "pool", "other"].includes(kindOf(one)) &&
        Math.abs(one.x + one.width / 2 - x) < (one.width + width) / 2 + 10 &&
        Math.abs(one.y + one.height / 2 - y) < (one.height + height) / 2 + 10,
    ).length > 0;
  if (isTaken()) makeRoom(tools, element, width + GAP);
  for (let tries = 0; tries < 20 && isTaken(); tries++) y += height + 20;
  const parent = kindOf(element) === "timer" ? element.host!.parent : element.parent;
  return tools.modeling.appendShape(element, shape, { x, y }, parent);
}

/** Push all that stands to the right of an element further to the right. */
function makeRoom(tools: Tools, element: Element, delta: number): void {
  const start = element.x + element.width + 1;
  const pool = tools.registry.filter((one) => kindOf(one) === "pool")[0];
  const root = pool ?? tools.canvas.getRootElement();
  const all = tools.registry.filter((one) => one !== root && !!one.parent);
  // The library draws ways with one moved end anew, straight through what stands between; theirs are kept.
  const kept = all
    .filter((one) => one.waypoints)
    .map((way) => ({ way, points: way.waypoints!.map(({ x, y }) => ({ x: x > start ? x + delta : x, y })) }));
  const { movingShapes, resizingShapes } = tools.space.calculateAdjustments(
    pool ? [pool, ...all] : all,
    "x",
    delta,
    start,
  );
  tools.space.makeSpace(movingShapes, resizingShapes, { x: delta, y: 0 }, "e", start);
  for (const { way, points } of kept) tools.modeling.updateWaypoints(way, points, { labelBehavior: false });
}

export const connect = (tools: Tools, from: Element, to: Element): Element => tools.modeling.connect(from, to);

/** Move a step into the middle of a lane. */
export function moveToLane(tools: Tools, element: Element, lane: Element): void {
  const dy = lane.y + lane.height / 2 - (element.y + element.height / 2);
  tools.modeling.moveElements([element], { x: 0, y: dy }, lane.parent);
}

export const laneOf = (tools: Tools, element: Element): Element | undefined =>
  tools.registry.filter(
    (one) => kindOf(one) === "lane" && (one.businessObject.flowNodeRef ?? []).includes(element.businessObject),
  )[0];

export function set(tools: Tools, element: Element, values: Record<string, unknown>): void {
  tools.modeling.updateProperties(bearer(element), values);
}

/** The definition of what an event waits for. */
export const definitionOf = (element: Element): Moddle | undefined => element.businessObject.eventDefinitions?.[0];

const ISO: [RegExp, (amount: string) => string][] = [
  [/^(\d+)\s*(giờ|hours?)/i, (amount) => `PT${amount}H`],
  [/^(\d+)\s*(ngày|days?|working days?)/i, (amount) => `P${amount}D`],
  [/^(\d+)\s*(tháng|months?)/i, (amount) => `P${amount}M`],
];

/** Say how long a timer runs: in words for this system, and for other tools as ISO 8601 where it can be said. */
export function setTimer(tools: Tools, element: Element, words: string): void {
  const definition = definitionOf(element);
  if (!definition) return;
  const [, write] = ISO.find(([pattern]) => pattern.test(words)) ?? [];
  const amount = /^\d+/.exec(words)?.[0] ?? "";
  const body = write ? write(amount) : words;
  together(tools, () => {
    const duration = body ? tools.parts.create("bpmn:FormalExpression", { body }) : undefined;
    if (duration) duration.$parent = definition;
    tools.modeling.updateModdleProperties(element, definition, { timeDuration: duration });
    set(tools, element, { "motcua:limit": words || undefined });
  });
}

export const timerOf = (element: Element): string =>
  element.businessObject.get("motcua:limit") || definitionOf(element)?.timeDuration?.body || "";

export const messageOf = (element: Element): string =>
  definitionOf(element)?.messageRef?.name || element.businessObject.get("motcua:message") || "";

/** Let an event wait for a message by its name, one definition of it in the file. */
export function setMessage(tools: Tools, definitions: Moddle, element: Element, name: string): void {
  const definition = definitionOf(element);
  if (!definition) return;
  const roots = definitions.rootElements as Moddle[];
  let message = roots.find((one) => one.$type === "bpmn:Message" && one.name === name);
  if (name && !message) {
    message = tools.parts.create("bpmn:Message", { name });
    message.$parent = definitions;
    roots.push(message);
  }
  together(tools, () => {
    tools.modeling.updateModdleProperties(element, definition, { messageRef: name ? message : undefined });
    set(tools, element, { "motcua:message": undefined });
  });
}

export function setCondition(tools: Tools, flow: Element, text: string): void {
  const body = text ? tools.parts.create("bpmn:FormalExpression", { body: text }) : undefined;
  if (body) body.$parent = flow.businessObject;
  set(tools, flow, { conditionExpression: body });
}

export const conditionOf = (flow: Element): string => flow.businessObject.conditionExpression?.body ?? "";

export const canFollow = (element: Element): boolean =>
  [...ACTIVITIES, "start", "message", "timer", "exclusive", "parallel", "inclusive"].includes(kindOf(element));

export const hasLanes = (lane: Element): boolean =>
  (lane.children ?? []).some((one) => kindOf(one) === "lane");

/** Turn a step or gateway into another kind. */
export const become = (tools: Tools, element: Element, kind: string): Element =>
  tools.change.replaceElement(element, { type: TYPES[kind].type });

/** Say in what time a case is meant to be settled along the whole chart. */
export function setNorm(tools: Tools, pool: Element, words: string): void {
  const process = pool.businessObject.processRef;
  if (process) tools.modeling.updateModdleProperties(pool, process, { "motcua:norm": words || undefined });
}
