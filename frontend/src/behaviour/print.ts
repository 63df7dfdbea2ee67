/** Buttons that print the page they stand on. */
export function offerPrinting(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element | null)?.closest("[data-print]");
    if (button) window.print();
  });
}
