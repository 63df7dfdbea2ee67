// The attributes that motcua adds to BPMN 2.0, as the drawing library wants to know them.
const NAMES = ["unit", "role", "limit", "outcomes", "form", "documents", "sms", "onTheSpot", "action", "message"];

export const ATTRIBUTES = {
  name: "motcua",
  uri: "urn:motcua:bpmn",
  prefix: "motcua",
  xml: { tagAlias: "lowerCase" },
  types: [
    {
      name: "Place",
      extends: ["bpmn:FlowNode", "bpmn:Lane"],
      properties: NAMES.map((name) => ({ name, type: "String", isAttr: true })),
    },
    {
      name: "Chart",
      extends: ["bpmn:Process"],
      properties: [{ name: "norm", type: "String", isAttr: true }],
    },
  ],
};
