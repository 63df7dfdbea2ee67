// The explain panel: beside the page where both have room, over it elsewhere.

const wide = matchMedia("(width >= 1500px)");

/** Open the panel when an explanation arrives; close it with Esc and give the focus back. */
export function openExplanationsAtTheSide(): void {
  // A refused or failed explanation is read as a page, where the reason is written out.
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:targetError"]) {
    document.addEventListener(failure, (event) => {
      const link = (event as CustomEvent).detail.elt;
      if (link instanceof HTMLAnchorElement && link.matches(".explain")) location.assign(link.href);
    });
  }
  const panel = document.querySelector<HTMLDialogElement>("#explain-panel");
  const body = document.querySelector<HTMLElement>("#explain-body");
  if (!panel || !body) return;
  let opener: HTMLElement | null = null;

  const open = (): void => {
    if (panel.open) return;
    if (wide.matches) panel.show();
    else panel.showModal();
    document.documentElement.classList.toggle("explain-open", wide.matches);
  };
  const mark = (next: HTMLElement | null): void => {
    opener?.setAttribute("aria-expanded", "false");
    opener = next;
    opener?.setAttribute("aria-expanded", "true");
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    const link = (event as CustomEvent).detail.elt as HTMLElement;
    if (!link.matches(".explain")) return;
    mark(link);
    body.replaceChildren();
    open();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if ((event as CustomEvent).detail.target !== body) return;
    body.scrollTop = 0;
    body.focus({ preventScroll: true });
  });
  panel.addEventListener("close", () => {
    document.documentElement.classList.remove("explain-open");
    const last = opener;
    mark(null);
    last?.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel.open && !document.querySelector(":modal")) panel.close();
  });
}
