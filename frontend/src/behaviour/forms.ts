// After a refused form the list of errors has the focus, so that it is read first.

/** Move the focus to the error summary, if the page has one. */
export function focusErrorSummary(): void {
  document.querySelector<HTMLElement>(".error-summary")?.focus();
}
