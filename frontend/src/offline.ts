// Receipts written without a connection: kept on this machine, sent when it is back, each once.

interface Paper { id: number; name: string; originals: number; copies: number; is_required: boolean }
interface Variant { code: string; name: string; papers: Paper[] }
interface Procedure { code: string; name: string; variants: Variant[] }
interface Stocked { label: string; key: string }
interface Content {
  agency: string;
  sync_url: string;
  worker_url: string;
  numbers: Stocked[];
  procedures: Procedure[];
  now: string;
  words: Record<string, string>;
}
interface Receipt {
  key: string;
  label: string;
  procedure: string;
  procedure_name: string;
  variant: string;
  applicant: Record<string, string>;
  papers: Record<string, [number, number]>;
  paper_names: string[];
  received_at: string;
  state: "waiting" | "sent" | "refused";
  code?: string;
  url?: string;
  problems?: string[];
}

const content = JSON.parse(document.getElementById("offline-content")!.textContent!) as Content;
const store = `motcua-offline:${content.agency}`;
let receipts = JSON.parse(localStorage.getItem(store) ?? "[]") as Receipt[];
const used = new Set(JSON.parse(localStorage.getItem(`${store}:used`) ?? "[]") as string[]);
let editing: Receipt | null = null;
let isSending = false;
let again: number | undefined;
const ahead = readAhead();

const at = <T extends HTMLElement>(id: string): T => document.getElementById(`offline-${id}`) as T;
const procedure = at<HTMLSelectElement>("procedure");
const variant = at<HTMLSelectElement>("variant");

/** How far the server's clock was ahead when this page came; a kept page was not loaded just now. */
function readAhead(): number {
  const known = JSON.parse(localStorage.getItem(`${store}:clock`) ?? "{}") as { now?: string; ahead?: number };
  if (known.now === content.now && known.ahead !== undefined) return known.ahead;
  const measured = Date.parse(content.now) - Date.now();
  localStorage.setItem(`${store}:clock`, JSON.stringify({ now: content.now, ahead: measured }));
  return measured;
}

function now(): Date {
  return new Date(Date.now() + ahead);
}

function keep(): void {
  localStorage.setItem(store, JSON.stringify(receipts));
  localStorage.setItem(`${store}:used`, JSON.stringify([...used]));
  draw();
}

function unused(): Stocked[] {
  return content.numbers.filter((one) => !used.has(one.key));
}

function chosen(): { procedure: Procedure; variant: Variant } {
  const found = content.procedures.find((one) => one.code === procedure.value) ?? content.procedures[0];
  const kind = found.variants.find((one) => one.code === variant.value) ?? found.variants[0];
  return { procedure: found, variant: kind };
}

function option(value: string, name: string): HTMLOptionElement {
  return new Option(name, value);
}

function showVariants(): void {
  variant.replaceChildren(...chosen().procedure.variants.map((one) => option(one.code, one.name)));
  showPapers();
}

function showPapers(): void {
  const place = at("papers");
  place.querySelectorAll("label").forEach((one) => one.remove());
  for (const paper of chosen().variant.papers) {
    const label = document.createElement("label");
    label.className = "offline-paper";
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", className: "form-check-input", value: String(paper.id) });
    const words = document.createElement("span");
    const counts = content.words.copies
      .replace("{originals}", String(paper.originals))
      .replace("{copies}", String(paper.copies));
    words.textContent = `${paper.name} (${counts})`;
    label.append(box, words);
    place.append(label);
  }
}

function refuse(words: string): void {
  const problem = at("problem");
  problem.textContent = words;
  problem.hidden = !words;
}

function text(id: string): string {
  return at<HTMLInputElement>(id).value.trim();
}

function write(event: Event): void {
  event.preventDefault();
  const number: Stocked | undefined = editing ?? unused()[0];
  const { procedure: asked, variant: kind } = chosen();
  const ticked = new Set([...at("papers").querySelectorAll<HTMLInputElement>("input:checked")].map((one) => Number(one.value)));
  if (!number) return refuse(content.words.no_numbers);
  if (!text("name")) return refuse(content.words.name_missing);
  if (kind.papers.some((one) => one.is_required && !ticked.has(one.id))) return refuse(content.words.papers_missing);
  refuse("");
  const brought = kind.papers.filter((one) => ticked.has(one.id));
  const receipt: Receipt = {
    key: number.key,
    label: number.label,
    procedure: asked.code,
    procedure_name: asked.name,
    variant: kind.code,
    applicant: {
      kind: text("kind"),
      full_name: text("name"),
      identity_number: text("number"),
      phone: text("phone"),
      address: text("address"),
    },
    papers: Object.fromEntries(brought.map((one) => [one.id, [one.originals, one.copies]])),
    paper_names: brought.map((one) => one.name),
    // Mending what was refused does not change when it was handed in.
    received_at: editing?.received_at ?? now().toISOString(),
    state: "waiting",
  };
  receipts = [receipt, ...receipts.filter((one) => one.key !== receipt.key)];
  used.add(receipt.key);
  editing = null;
  keep();
  at<HTMLFormElement>("form").reset();
  showVariants();
  void send();
}

/** Send what waits, one after the other; what cannot be reached waits on. */
async function send(): Promise<void> {
  if (isSending) return;
  isSending = true;
  try {
    for (const receipt of receipts.filter((one) => one.state === "waiting")) {
      const token = (JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>)["X-CSRFToken"];
      const answer = await fetch(content.sync_url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(receipt),
        redirect: "error",
      });
      if (answer.status >= 500) break;
      const told = (await answer.json()) as { code?: string; url?: string; problems?: string[] };
      // A colleague's, written at this machine before the shift changed hands: it waits for them.
      const state = answer.status === 409 ? "waiting" : "refused";
      Object.assign(receipt, told.code ? { state: "sent", ...told, problems: [] } : { state, problems: told.problems });
      keep();
    }
  } catch {
    // No connection: the receipts wait on this machine. It may come a moment after the browser says so.
    clearTimeout(again);
    if (navigator.onLine) again = window.setTimeout(() => void send(), 3_000);
  } finally {
    isSending = false;
    draw();
  }
}

/** Put what was refused back into the form, under its number. */
function mend(receipt: Receipt): void {
  editing = receipt;
  procedure.value = receipt.procedure;
  showVariants();
  variant.value = receipt.variant;
  showPapers();
  for (const box of at("papers").querySelectorAll("input")) box.checked = box.value in receipt.papers;
  at<HTMLSelectElement>("kind").value = receipt.applicant.kind;
  at<HTMLInputElement>("name").value = receipt.applicant.full_name;
  at<HTMLInputElement>("number").value = receipt.applicant.identity_number;
  at<HTMLInputElement>("phone").value = receipt.applicant.phone;
  at<HTMLInputElement>("address").value = receipt.applicant.address;
  refuse((receipt.problems ?? []).join(" "));
  at<HTMLInputElement>("name").focus();
}

function print(receipt: Receipt): void {
  const slip = at("slip");
  const say = (name: string, words: string): void => {
    slip.querySelector(`[data-slip="${name}"]`)!.textContent = words;
  };
  say("label", receipt.label);
  say("name", receipt.applicant.full_name);
  say("procedure", receipt.procedure_name);
  say("at", new Date(receipt.received_at).toLocaleString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh" }));
  slip.querySelector("ol")!.replaceChildren(
    ...receipt.paper_names.map((name) => Object.assign(document.createElement("li"), { textContent: name })),
  );
  slip.hidden = false;
  window.print();
  slip.hidden = true;
}

function draw(): void {
  const state = at("state");
  state.textContent = navigator.onLine ? content.words.online : content.words.offline;
  state.className = `sign ${navigator.onLine ? "sign-good" : "sign-bad"}`;
  at("left").textContent = content.words.left.replace("{count}", String(unused().length));
  const pattern = document.getElementById("offline-row") as HTMLTemplateElement;
  at("list").replaceChildren(...receipts.map((receipt) => row(pattern, receipt)));
}

function row(pattern: HTMLTemplateElement, receipt: Receipt): Node {
  const made = pattern.content.firstElementChild!.cloneNode(true) as HTMLElement;
  made.querySelector(".code")!.textContent = receipt.label;
  const sign = made.querySelector(".sign")!;
  sign.textContent = content.words[receipt.state];
  sign.classList.add({ waiting: "sign-active", sent: "sign-good", refused: "sign-bad" }[receipt.state]);
  const what = made.querySelector(".offline-what")!;
  what.textContent = `${receipt.applicant.full_name}, ${receipt.procedure_name} `;
  if (receipt.url) what.append(Object.assign(document.createElement("a"), { href: receipt.url, textContent: receipt.code, className: "code" }));
  const problem = made.querySelector<HTMLElement>(".field-error")!;
  problem.textContent = (receipt.problems ?? []).join(" ");
  problem.hidden = receipt.state === "sent" || !problem.textContent;
  const [printing, mending, dropping] = made.querySelectorAll("button");
  mending.textContent = content.words.mend;
  mending.hidden = receipt.state !== "refused";
  mending.addEventListener("click", () => mend(receipt));
  printing.textContent = content.words.print;
  printing.addEventListener("click", () => print(receipt));
  dropping.textContent = content.words.drop;
  // Only what the server has is taken off the list; nothing else is thrown away.
  dropping.hidden = receipt.state !== "sent";
  dropping.addEventListener("click", () => {
    receipts = receipts.filter((one) => one !== receipt);
    keep();
  });
  return made;
}

procedure.replaceChildren(...content.procedures.map((one) => option(one.code, `${one.code} ${one.name}`)));
procedure.addEventListener("change", showVariants);
variant.addEventListener("change", showPapers);
at<HTMLFormElement>("form").addEventListener("submit", write);
addEventListener("online", () => void send());
addEventListener("offline", draw);
setInterval(() => void send(), 10_000);
showVariants();
draw();
void send();
if ("serviceWorker" in navigator) void navigator.serviceWorker.register(content.worker_url);
