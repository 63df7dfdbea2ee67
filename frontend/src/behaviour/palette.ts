// Ctrl+K: go to a page, use an action of this page, or search, without the mouse.

interface Entry {
  words: string;
  plain: string;
  icon: string;
  go: () => void;
}

const withoutMarks = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

function entriesOfThisPage(): Entry[] {
  const links = document.querySelectorAll<HTMLElement>(".rail-item, .page-actions :is(a, button):not(dialog *), [data-palette]");
  return [...links].map((link) => {
    const words = link.querySelector(".rail-label")?.textContent ?? link.textContent ?? "";
    const icon = link.querySelector("use")?.getAttribute("href") ?? "";
    const tidy = words.trim().replace(/\s+/g, " ");
    return { words: tidy, plain: withoutMarks(tidy), icon, go: () => link.click() };
  });
}

function row(entry: Entry, number: number): HTMLLIElement {
  const item = document.createElement("li");
  item.id = `palette-${number}`;
  item.setAttribute("role", "option");
  if (entry.icon) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", entry.icon);
    svg.append(use);
    item.append(svg);
  }
  item.append(entry.words);
  item.addEventListener("click", entry.go);
  return item;
}

/** Wire the palette to Ctrl+K, to its button, and to the search of the desk. */
export function openPalette(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#palette");
  const input = dialog?.querySelector("input");
  const list = dialog?.querySelector("ul");
  if (!dialog || !input || !list) return;
  let shown: Entry[] = [];
  let chosen = 0;

  const searchEntry = (text: string): Entry[] => {
    const { searchUrl, searchWords = "", searchIcon = "" } = dialog.dataset;
    if (!searchUrl || !text) return [];
    const go = () => location.assign(`${searchUrl}?q=${encodeURIComponent(text)}`);
    return [{ words: `${searchWords} “${text}”`, plain: "", icon: searchIcon, go }];
  };
  const choose = (number: number): void => {
    chosen = (number + shown.length) % Math.max(shown.length, 1);
    for (const [index, item] of [...list.children].entries()) {
      item.setAttribute("aria-selected", String(index === chosen));
      if (index === chosen) item.scrollIntoView({ block: "nearest" });
    }
    if (shown.length) input.setAttribute("aria-activedescendant", `palette-${chosen}`);
    else input.removeAttribute("aria-activedescendant");
  };
  const narrow = (): void => {
    const text = input.value.trim();
    const words = withoutMarks(text).split(/\s+/).filter(Boolean);
    const pages = entriesOfThisPage().filter((e) => words.every((word) => e.plain.includes(word)));
    shown = [...pages, ...searchEntry(text)];
    list.replaceChildren(...shown.map(row));
    choose(0);
  };
  const open = (): void => {
    if (dialog.open) return;
    input.value = "";
    narrow();
    dialog.showModal();
  };

  input.addEventListener("input", narrow);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" && shown[chosen]) {
      dialog.close();
      shown[chosen].go();
    } else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  for (const button of document.querySelectorAll("[data-open-palette]")) {
    button.addEventListener("click", open);
  }
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
}
