// Toasts: a plain one goes after a while, one that can be undone stays until it is closed.

const SHOWN_FOR_MS = 12_000;

/** Let toasts be closed, and let those without an action go by themselves. */
export function dismissToasts(): void {
  document.addEventListener("click", (event) => {
    (event.target as Element).closest("[data-close-toast]")?.closest(".toast-note")?.remove();
  });
  for (const toast of document.querySelectorAll<HTMLElement>(".toast-note:not(:has(form))")) {
    const leave = (): void => {
      if (toast.matches(":hover, :focus-within")) setTimeout(leave, SHOWN_FOR_MS);
      else toast.remove();
    };
    setTimeout(leave, SHOWN_FOR_MS);
  }
}
