// A form is sent once: a second press while the first is on its way does nothing.

const release = (form: HTMLFormElement): void => {
  delete form.dataset.busy;
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    button.querySelector(".spinner")?.remove();
  }
};

/** Mark a form as busy when it is sent, and stop it from being sent again. */
export function guardAgainstDoubleSubmits(): void {
  // While the event is captured, so that htmx does not hear of a second press either.
  const guard = (event: SubmitEvent): void => {
    const form = event.target as HTMLFormElement;
    const isSent = form.method === "post" || form.matches("[hx-post]");
    // What opens in a tab of its own leaves this page as it is, ready to be sent.
    const opensApart = event.submitter?.getAttribute("formtarget") === "_blank";
    if (event.defaultPrevented || !isSent || opensApart || "noGuard" in form.dataset) return;
    if (form.dataset.busy) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.busy = "yes";
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement)) return;
    button.setAttribute("aria-busy", "true");
    const spinner = document.createElement("span");
    spinner.className = "spinner";
    spinner.setAttribute("aria-hidden", "true");
    button.prepend(spinner);
  };
  document.addEventListener("submit", guard, { capture: true });
  // Coming back with the browser's arrow shows the page as it was left: busy.
  addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = (event.target as Element).closest("form");
    if (form) release(form);
  });
}
