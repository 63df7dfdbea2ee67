// The drawing library with the elements of motcua only: palette, pad beside an element, menu of kinds, rules.
import Modeler from "bpmn-js/lib/Modeler";
import RuleProvider from "diagram-js/lib/features/rules/RuleProvider";

import { ATTRIBUTES } from "./attributes";
import { ACTIVITIES, type Element, GATEWAYS, kindOf, TYPES } from "./diagram";
import { translate } from "./vietnamese";

export const PHONE = matchMedia("(width < 768px)");
type Add = (kind: string) => void;

const TITLES: Record<string, string> = {
  start: "Create start event",
  user: "Create user task",
  service: "Create service task",
  call: "Create call activity",
  message: "Create message catch event",
  timer: "Create timer on a step",
  exclusive: "Create exclusive gateway",
  parallel: "Create parallel gateway",
  inclusive: "Create inclusive gateway",
  end: "Create end event",
};
const SORTS: Record<string, string> = {
  user: "User task",
  service: "Service task",
  call: "Call activity",
  exclusive: "Exclusive gateway",
  parallel: "Parallel gateway",
  inclusive: "Inclusive gateway",
};
const BUTTON = '<button type="button" class="entry" draggable="true"></button>';
const shapeOf = (kind: string): object => {
  const { icon: _icon, ...attributes } = TYPES[kind];
  return attributes;
};

/** The palette: a mouse drags or clicks and places; the keyboard adds behind what is selected. */
function paletteOf(addByKeyboard: Add): unknown {
  function Palette(this: any, palette: any, create: any, factory: any, hand: any, lasso: any, space: any, connect: any, registry: any) {
    palette.registerProvider(this);
    const tool = (icon: string, title: string, start: (event: Event) => void): object => ({
      group: "tools",
      className: `bpmn-icon-${icon}`,
      title: translate(title),
      html: BUTTON,
      action: { click: start },
    });
    const part = (kind: string): object => {
      const start = (event: any): void => {
        if ((event.originalEvent ?? event).detail === 0 && event.type !== "dragstart") addByKeyboard(kind);
        else create.start(event, factory.createShape(shapeOf(kind)));
      };
      return {
        group: "elements",
        className: `bpmn-icon-${TYPES[kind].icon}`,
        title: translate(TITLES[kind]),
        html: BUTTON,
        action: { dragstart: start, click: start },
      };
    };
    this.getPaletteEntries = (): object => {
      const entries: Record<string, object> = {
        hand: tool("hand-tool", "Activate hand tool", (event) => hand.activateHand(event)),
        lasso: tool("lasso-tool", "Activate lasso tool", (event) => lasso.activateSelection(event)),
        space: tool("space-tool", "Activate create/remove space tool", (event) => space.activateSelection(event)),
        connect: tool("connection-multi", "Activate global connect tool", (event) => connect.start(event)),
      };
      for (const kind of Object.keys(TITLES)) entries[kind] = part(kind);
      if (!registry.filter((one: Element) => kindOf(one) === "pool").length) {
        const start = (event: Event): void => create.start(event, factory.createParticipantShape());
        entries.lanes = {
          group: "elements",
          className: "bpmn-icon-participant",
          title: translate("Create lanes"),
          html: BUTTON,
          action: { dragstart: start, click: start },
        };
      }
      return entries;
    };
  }
  Palette.$inject = ["palette", "create", "elementFactory", "handTool", "lassoTool", "spaceTool", "globalConnect", "elementRegistry"];
  return Palette;
}

/** The pad beside an element: what may follow it, connecting, its kind, deleting; lanes beside lanes. */
function Pad(this: any, pad: any, modeling: any, factory: any, connect: any, create: any, popup: any, place: any) {
  pad.registerProvider(this);
  const entry = (group: string, icon: string, title: string, action: object): object => ({
    group,
    className: `bpmn-icon-${icon}`,
    title: translate(title),
    action,
  });
  const append = (kind: string, title: string): object =>
    entry("model", TYPES[kind].icon, title, {
      click: (_event: Event, element: Element) => place.append(element, factory.createShape(shapeOf(kind))),
      dragstart: (event: Event, element: Element) =>
        create.start(event, factory.createShape(shapeOf(kind)), { source: element }),
    });
  const remove = entry("edit", "trash", "Delete", {
    click: (_event: Event, element: Element | Element[]) => modeling.removeElements([element].flat()),
  });
  const openMenu = (event: any, element: Element): void => {
    const { left, bottom } = (event.delegateTarget ?? event.target).getBoundingClientRect();
    popup.open(element, "bpmn-replace", { x: left, y: bottom + 5, cursor: { x: event.x, y: event.y } }, {
      title: translate("Change element"),
      width: 260,
    });
  };
  this.getMultiElementContextPadEntries = (): object => ({ delete: remove });
  this.getContextPadEntries = (element: Element): object => {
    const kind = kindOf(element);
    if (element.labelTarget || kind === "flow" || kind === "other") return { delete: remove };
    if (kind === "lane" || kind === "pool") {
      const add = (where: string) => (_event: Event, lane: Element) => modeling.addLane(lane, where);
      const lanes = {
        above: entry("lanes", "lane-insert-above", "Add lane above", { click: add("top") }),
        below: entry("lanes", "lane-insert-below", "Add lane below", { click: add("bottom") }),
      };
      return kind === "lane" ? { ...lanes, delete: remove } : lanes;
    }
    const entries: Record<string, object> = {};
    if (kind !== "end") {
      entries.user = append("user", "Append user task");
      entries.exclusive = append("exclusive", "Append exclusive gateway");
      entries.parallel = append("parallel", "Append parallel gateway");
      entries.end = append("end", "Append end event");
      const start = (event: Event, one: Element): void => connect.start(event, one);
      entries.connect = entry("connect", "connection", "Connect to other element", { click: start, dragstart: start });
    }
    if ([...ACTIVITIES, ...GATEWAYS].includes(kind)) {
      entries.replace = entry("edit", "screw-wrench", "Change element", { click: openMenu });
    }
    return { ...entries, delete: remove };
  };
}
Pad.$inject = ["contextPad", "modeling", "elementFactory", "connect", "create", "popupMenu", "autoPlace"];

/** The menu of kinds: a step becomes another kind of step, a gateway another kind of gateway. */
function Menu(this: any, popup: any, change: any) {
  popup.registerProvider("bpmn-replace", this);
  this.getPopupMenuEntries = (element: Element): object =>
    Object.fromEntries(
      siblings(element).map((kind) => [
        kind,
        {
          label: translate(SORTS[kind]),
          className: `bpmn-icon-${TYPES[kind].icon}`,
          action: () => change.replaceElement(element, { type: TYPES[kind].type }),
        },
      ]),
    );
}
Menu.$inject = ["popupMenu", "bpmnReplace"];

/** The kinds that an element may become. */
export function siblings(element: Element): string[] {
  const kind = kindOf(element);
  const family = [ACTIVITIES, GATEWAYS].find((kinds) => kinds.includes(kind)) ?? [];
  return family.filter((one) => one !== kind);
}

/** A timer sits on a step and nothing else does; on a phone the drawing is changed by the panel only. */
class Rules extends RuleProvider {
  static $inject = ["eventBus"];
  init(): void {
    const addRule = (names: string | string[], rule: (context: any) => unknown): void =>
      (this as any).addRule(names, 3000, rule);
    const isStep = (element: Element | undefined): boolean => ACTIVITIES.includes(kindOf(element));
    addRule("shape.create", ({ shape, target }) =>
      kindOf(shape) === "timer" && !isStep(target) ? false : undefined,
    );
    addRule("shape.attach", ({ shape, target }) =>
      kindOf(shape) !== "timer" || !isStep(target) ? false : undefined,
    );
    addRule("elements.move", ({ shapes, target }) => {
      if (PHONE.matches) return false;
      const timers = (shapes as Element[]).filter((one) => kindOf(one) === "timer" && !shapes.includes(one.host));
      return timers.length && target && !isStep(target) ? false : undefined;
    });
    addRule(["connection.updateWaypoints", "connection.reconnect"], () =>
      PHONE.matches ? false : undefined,
    );
  }
}

export function makeModeler(container: HTMLElement, addByKeyboard: Add): any {
  return new Modeler({
    container,
    zoomScroll: { enabled: false },
    moddleExtensions: { motcua: ATTRIBUTES },
    additionalModules: [
      {
        __init__: ["ourRules"],
        translate: ["value", translate],
        paletteProvider: ["type", paletteOf(addByKeyboard)],
        contextPadProvider: ["type", Pad],
        replaceMenuProvider: ["type", Menu],
        alignElementsContextPadProvider: ["value", {}],
        ourRules: ["type", Rules],
      },
    ],
  } as any);
}
