// Saving by itself, seen: nothing is overwritten; who saved later sees both sides and decides.
import type { Words } from "./diagram";
import { fill } from "./diagram";
import type { Fault } from "./checking";
import { send } from "./sending";

const PAUSE_MS = 2000;
const LONGEST_MS = 15_000;
const AGAIN_MS = 8000;
const LOOK_MS = 15_000;

interface Saved {
  revision: number;
  saved_at: string;
  message: string;
  edit: number;
  theirs: string[];
  mine: string[];
  changes: string[];
  bpmn_xml: string;
  faults: Fault[];
}

interface Urls {
  save: string;
  newest: string;
  restore: string;
}

/** What is being typed and not yet part of the drawing must not be taken from under somebody's hands. */
const isTyping = (): boolean =>
  !!document.activeElement?.matches("[data-panel] :is(input, textarea), [data-canvas] [contenteditable]");

export class Saving {
  private isChanged = false;
  private isStopped = false;
  private timer = 0;
  private changedAt = 0;
  private running?: Promise<void>;
  private conflict?: Saved;
  private sentXml = "";

  constructor(
    private readonly root: HTMLElement,
    private readonly words: Words,
    private readonly urls: Urls,
    private revision: number,
    private readonly read: () => Promise<string>,
    private readonly open: (xml: string) => Promise<void>,
  ) {
    root.querySelector("[data-save]")!.addEventListener("click", () => void this.save());
    root.querySelector("[data-take-newest]")!.addEventListener("click", () => void this.takeNewest());
    root.querySelector("[data-put-on-top]")!.addEventListener("click", () => void this.putOnTop());
    addEventListener("beforeunload", (event) => {
      if (this.isChanged) event.preventDefault();
    });
    setInterval(() => void this.look(), LOOK_MS);
    document.addEventListener("visibilitychange", () => void (document.hidden ? this.save() : this.look()));
  }

  /** Something was drawn: save after a pause. */
  touch(): void {
    if (!this.isChanged) this.changedAt = Date.now();
    this.isChanged = true;
    if (this.isStopped) return;
    this.say(this.words.unsaved, "unsaved");
    // Who draws without a pause is saved in between as well.
    this.plan(Math.max(0, Math.min(PAUSE_MS, this.changedAt + LONGEST_MS - Date.now())));
  }

  private plan(wait: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), wait);
  }

  private say(text: string, state: string): void {
    const place = this.root.querySelector<HTMLElement>("[data-state]")!;
    place.textContent = text;
    place.dataset.state = state;
  }

  /** Save now; one save at a time. */
  private async save(): Promise<void> {
    await this.running;
    if (!this.isChanged || this.isStopped) return;
    this.running = this.saveOnce().finally(() => (this.running = undefined));
    await this.running;
  }

  private async saveOnce(): Promise<void> {
    clearTimeout(this.timer);
    this.isChanged = false;
    this.say(this.words.saving, "saving");
    this.sentXml = await this.read();
    const sent = JSON.stringify({ drawn_on: this.revision, bpmn_xml: this.sentXml });
    const answer = await send<Saved>(this.urls.save, sent).catch(() => null);
    if (answer?.ok) {
      this.saved(answer.body);
      return;
    }
    this.isChanged = true;
    if (answer?.status === 409 && answer.body.edit) this.showConflict(answer.body);
    else if (answer && [401, 403, 404, 422].includes(answer.status)) {
      this.say(answer.body.message ?? (answer.status === 401 ? this.words.signed_out : this.words.not_allowed), "failed");
    } else {
      this.say(this.words.offline, "failed");
      this.plan(AGAIN_MS);
    }
  }

  private saved(body: Saved): void {
    this.revision = body.revision;
    const field = document.querySelector<HTMLInputElement>('[name="drawn_on"]');
    if (field) field.value = String(body.revision);
    if (!this.isChanged) this.say(fill(this.words.saved, { at: body.saved_at }), "saved");
  }

  private showConflict(body: Saved): void {
    this.conflict = body;
    this.isStopped = true;
    this.say(this.words.aside, "failed");
    const part = this.root.querySelector<HTMLElement>("[data-conflict]")!;
    part.querySelector("[data-conflict-words]")!.textContent = body.message;
    this.list(part, "[data-theirs]", body.theirs);
    this.list(part, "[data-mine]", body.mine);
    part.hidden = false;
    part.focus();
  }

  private list(part: HTMLElement, selector: string, texts: string[]): void {
    const lines = texts.length ? texts : [this.words.only_layout];
    part.querySelector(selector)!.replaceChildren(
      ...lines.map((textContent) => Object.assign(document.createElement("li"), { textContent })),
    );
  }

  private settle(): void {
    this.conflict = undefined;
    this.isStopped = false;
    this.isChanged = false;
    this.root.querySelector<HTMLElement>("[data-conflict]")!.hidden = true;
  }

  /** Open what stands now; what was drawn here stays in the history of the draft. */
  private async takeNewest(): Promise<void> {
    // What was drawn since the refusal is kept aside as well before the canvas shows something else.
    const xml = await this.read();
    if (xml !== this.sentXml) {
      const kept = await send<Saved>(this.urls.save, JSON.stringify({ drawn_on: this.revision, bpmn_xml: xml })).catch(() => null);
      if (kept?.status !== 409) return this.say(this.words.offline, "failed");
    }
    const answer = await send<Saved>(`${this.urls.newest}?since=0`).catch(() => null);
    if (!answer?.ok) return this.say(this.words.offline, "failed");
    this.settle();
    await this.show(answer.body);
  }

  /** Make what was drawn here the newest revision; the others' stays in the history. */
  private async putOnTop(): Promise<void> {
    if (!this.conflict) return;
    const { edit, revision } = this.conflict;
    const sent = JSON.stringify({ edit, drawn_on: revision });
    const answer = await send<Saved>(this.urls.restore, sent).catch(() => null);
    if (!answer?.ok) {
      this.say(answer?.body.message ?? this.words.offline, "failed");
      return;
    }
    const isChangedSince = (await this.read()) !== this.sentXml;
    this.settle();
    this.saved(answer.body);
    if (isChangedSince) this.touch();
  }

  /** Look whether somebody else saved; while nothing is unsaved here, follow them and say so. */
  private async look(): Promise<void> {
    if (document.hidden || this.isChanged || this.isStopped || this.running || isTyping()) return;
    const answer = await send<Saved>(`${this.urls.newest}?since=${this.revision}`).catch(() => null);
    if (!answer?.ok || answer.body.revision === this.revision) return;
    if (this.isChanged || this.running || isTyping()) return;
    await this.show(answer.body);
    const note = this.root.querySelector<HTMLElement>("[data-newer]")!;
    note.querySelector("[data-newer-words]")!.textContent = answer.body.message;
    this.list(note, "[data-changes]", answer.body.changes);
    note.hidden = false;
  }

  private async show(body: Saved): Promise<void> {
    await this.open(body.bpmn_xml);
    this.isChanged = false;
    this.saved(body);
  }
}
