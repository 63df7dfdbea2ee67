// The head of a long table stays in sight, as long as the table needs no sideways scrolling.

/** Let the head of each table that fits its place stick below the top bar. */
export function letHeadsStick(): void {
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const table = target.querySelector("table");
      if (table) target.classList.toggle("sticks", table.offsetWidth <= target.clientWidth);
    }
  });
  for (const card of document.querySelectorAll(".table-sticky")) watch.observe(card);
}
