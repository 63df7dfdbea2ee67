// Confirmation of what cannot be undone. Without this file the same dialog opens as a popover.

/** Open a form's confirmation as a modal dialog, so that focus stays in it. */
export function askBeforeWhatCannotBeUndone(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-confirm]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.confirm ?? "");
      const form = opener.closest("form");
      if (!(dialog instanceof HTMLDialogElement)) return;
      event.preventDefault();
      const yes = dialog.querySelector<HTMLButtonElement>("button[type=submit]");
      if (form && !form.noValidate && !yes?.formNoValidate && !form.reportValidity()) return;
      dialog.showModal();
      return;
    }
    const closer = target.closest("[data-close-dialog]");
    const dialog = closer?.closest("dialog");
    if (dialog) {
      event.preventDefault();
      dialog.close();
    }
  });
  // Enter in a text field presses the form's first button, which may be the one in the dialog.
  const ask = (event: SubmitEvent): void => {
    const dialog = event.submitter?.closest("dialog");
    if (!dialog || dialog.open || dialog.matches(":popover-open")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    dialog.showModal();
  };
  document.addEventListener("submit", ask, { capture: true });
}
