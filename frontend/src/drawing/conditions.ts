// Conditions as rows of fact, operator and value, and as the text that is stored; nothing is lost in between.
export interface Fact {
  name: string;
  kind: "text" | "number" | "flag";
  label: string;
  values: [string, string][];
}

export interface Row {
  fact: string;
  operator: string;
  value: string;
}

export const OPERATORS: Record<string, string[]> = {
  text: ["==", "!="],
  number: ["==", "!=", "<", "<=", ">", ">="],
  flag: ["=="],
};

const COMPARISON = /^\s*([A-Za-z_][\w.]*)\s*(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|-?\d+(?:\.\d+)?|true|false)\s*$/;

/** Return the rows and how they are joined, or null for a text that rows cannot say. */
export function readRows(text: string): { rows: Row[]; joint: "and" | "or" } | null {
  if (!text.trim()) return { rows: [], joint: "and" };
  for (const joint of ["and", "or"] as const) {
    const parts = split(text, joint);
    const rows = parts.map(readRow);
    if (rows.every((row): row is Row => row !== null)) return { rows, joint };
  }
  return null;
}

export function writeRows(rows: Row[], joint: "and" | "or", facts: Fact[]): string {
  return rows
    .filter((row) => row.fact && row.value !== "")
    .map((row) => `${row.fact} ${row.operator} ${quoted(row, facts)}`)
    .join(` ${joint} `);
}

function quoted(row: Row, facts: Fact[]): string {
  const kind = facts.find((fact) => fact.name === row.fact)?.kind ?? "text";
  if (kind === "number") return row.value.replace(/[.\s](?=\d{3}\b)/g, "").replace(",", ".");
  return kind === "flag" ? row.value : `"${row.value.replaceAll('"', "'")}"`;
}

/** Split at a word that stands outside of quotes. */
function split(text: string, word: string): string[] {
  const parts = [""];
  for (const token of text.match(/"[^"]*"|'[^']*'|\s+|[^\s"']+/g) ?? []) {
    if (token === word) parts.push("");
    else parts[parts.length - 1] += token;
  }
  return parts;
}

function readRow(text: string): Row | null {
  const found = COMPARISON.exec(text);
  if (!found) return null;
  return { fact: found[1], operator: found[2], value: found[3].replace(/^["']|["']$/g, "") };
}
