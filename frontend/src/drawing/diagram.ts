// The parts of the drawing library that the drawing page uses, and what its elements are to motcua.
export interface Moddle {
  id: string;
  $type: string;
  $parent?: Moddle;
  name?: string;
  get(name: string): any;
  set(name: string, value: unknown): void;
  [property: string]: any;
}

export interface Element {
  id: string;
  type: string;
  businessObject: Moddle;
  parent?: Element;
  host?: Element;
  labelTarget?: Element;
  children?: Element[];
  incoming: Element[];
  outgoing: Element[];
  attachers: Element[];
  source?: Element;
  target?: Element;
  x: number;
  y: number;
  width: number;
  height: number;
  waypoints?: { x: number; y: number }[];
}

export type Kind =
  | "start"
  | "end"
  | "user"
  | "service"
  | "call"
  | "message"
  | "timer"
  | "exclusive"
  | "parallel"
  | "inclusive"
  | "flow"
  | "lane"
  | "pool"
  | "other";

export const TYPES: Record<string, { type: string; eventDefinitionType?: string; icon: string }> = {
  start: { type: "bpmn:StartEvent", icon: "start-event-none" },
  user: { type: "bpmn:UserTask", icon: "user-task" },
  service: { type: "bpmn:ServiceTask", icon: "service-task" },
  call: { type: "bpmn:CallActivity", icon: "call-activity" },
  message: {
    type: "bpmn:IntermediateCatchEvent",
    eventDefinitionType: "bpmn:MessageEventDefinition",
    icon: "intermediate-event-catch-message",
  },
  exclusive: { type: "bpmn:ExclusiveGateway", icon: "gateway-xor" },
  parallel: { type: "bpmn:ParallelGateway", icon: "gateway-parallel" },
  inclusive: { type: "bpmn:InclusiveGateway", icon: "gateway-or" },
  end: { type: "bpmn:EndEvent", icon: "end-event-none" },
  timer: {
    type: "bpmn:BoundaryEvent",
    eventDefinitionType: "bpmn:TimerEventDefinition",
    icon: "intermediate-event-catch-timer",
  },
};

const KINDS: Record<string, Kind> = {
  ...Object.fromEntries(Object.entries(TYPES).map(([kind, { type }]) => [type, kind as Kind])),
  "bpmn:SequenceFlow": "flow",
  "bpmn:Lane": "lane",
  "bpmn:Participant": "pool",
};
export const ACTIVITIES: Kind[] = ["user", "service", "call"];
export const CHOICES: Kind[] = ["exclusive", "inclusive"];
export const GATEWAYS: Kind[] = ["exclusive", "parallel", "inclusive"];
const NODES: Kind[] = ["start", "end", "message", "timer", ...ACTIVITIES, ...GATEWAYS];

export const kindOf = (element: Element | undefined): Kind => KINDS[element?.type ?? ""] ?? "other";
export const isNode = (element: Element): boolean => !element.labelTarget && NODES.includes(kindOf(element));
/** The element itself where its label is meant. */
export const bearer = (element: Element): Element => element.labelTarget ?? element;

/** Whatever a person says in words, from the page, in their language. */
export type Words = Record<string, string>;
export const fill = (template: string, values: Record<string, string>): string =>
  template.replace(/{(\w+)}/g, (_all, name: string) => values[name] ?? "");

/** What a person knows an element by. */
export function labelOf(element: Element, words: Words): string {
  const kind = kindOf(element);
  const name = (element.businessObject.name ?? "").replace(/\s+/g, " ").trim();
  if (kind !== "flow") return name || `${words[kind] ?? ""} ${element.id}`.trim();
  const way = `${labelOf(element.source!, words)} → ${labelOf(element.target!, words)}`;
  return name ? `${name}: ${way}` : way;
}

export interface Tools {
  canvas: any;
  registry: { get(id: string): Element | undefined; filter(test: (e: Element) => boolean): Element[] };
  modeling: any;
  selection: { get(): Element[]; select(element: Element | null): void };
  stack: any;
  events: { on(names: string | string[], callback: (event: any) => void): void; fire(name: string): void };
  factory: any;
  parts: { create(type: string, values?: object): Moddle };
  space: any;
  editing: { cancel(): void; isActive(): boolean };
  overlays: any;
  change: { replaceElement(element: Element, target: object): Element };
}

export function toolsOf(modeler: any): Tools {
  const get = (name: string): any => modeler.get(name);
  return {
    canvas: get("canvas"),
    registry: get("elementRegistry"),
    modeling: get("modeling"),
    selection: get("selection"),
    stack: get("commandStack"),
    events: get("eventBus"),
    factory: get("elementFactory"),
    parts: get("bpmnFactory"),
    space: get("spaceTool"),
    editing: get("directEditing"),
    overlays: get("overlays"),
    change: get("bpmnReplace"),
  };
}
