// Keys that act at once. They can be switched off (WCAG 2.1.4), and "?" lists those of the page.

const areOn = (): boolean => {
  try {
    return localStorage.getItem("shortcuts") !== "off";
  } catch {
    return true;
  }
};

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));

function listThoseOfThisPage(list: HTMLElement): void {
  list.querySelectorAll(".of-this-page").forEach((old) => old.remove());
  for (const element of document.querySelectorAll<HTMLElement>("[data-shortcut]")) {
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    const words = document.createElement("dd");
    key.textContent = (element.dataset.shortcut ?? "").toUpperCase();
    words.textContent = element.dataset.shortcutWords ?? element.textContent?.trim() ?? "";
    term.append(key);
    for (const part of [term, words]) part.classList.add("of-this-page");
    list.append(term, words);
  }
}

/** Wire "/" to the search, "?" to the list of keys, and each data-shortcut to its element. */
export function listenForShortcuts(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#shortcuts");
  const list = dialog?.querySelector<HTMLElement>(".shortcut-list");
  const search = document.querySelector<HTMLInputElement>(".topbar-search input");
  const help = (): void => {
    if (!dialog || !list || dialog.open) return;
    listThoseOfThisPage(list);
    dialog.showModal();
  };

  for (const button of document.querySelectorAll("[data-open-shortcuts]")) {
    button.addEventListener("click", help);
  }
  const toggle = dialog?.querySelector<HTMLInputElement>("[data-shortcuts-on]");
  if (toggle) {
    toggle.checked = areOn();
    toggle.addEventListener("change", () => {
      localStorage.setItem("shortcuts", toggle.checked ? "on" : "off");
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (!areOn() || document.querySelector(":modal")) return;
    if (event.key === "?") help();
    else if (event.key === "/" && search?.offsetParent) search.focus();
    else {
      const key = CSS.escape(event.key.toLowerCase());
      const element = document.querySelector<HTMLElement>(`[data-shortcut="${key}"]`);
      if (!element) return;
      if (element.matches("input, select, textarea")) element.focus();
      else element.click();
    }
    event.preventDefault();
  });
}
