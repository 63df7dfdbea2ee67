// After a refused form the list of errors has the focus; one button can tick all boxes of a part.

/** Move the focus to the error summary, if the page has one. */
export function focusErrorSummary(): void {
  document.querySelector<HTMLElement>(".error-summary")?.focus();
}

/** Let a button with data-tick-all tick every box in the part it names, at once and without asking the server. */
export function tickAll(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[data-tick-all]");
    if (!button) return;
    event.preventDefault();
    const boxes = document.querySelectorAll<HTMLInputElement>(
      `${button.dataset.tickAll} input[type=checkbox]`,
    );
    for (const box of boxes) {
      if (box.checked) continue;
      box.checked = true;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}
