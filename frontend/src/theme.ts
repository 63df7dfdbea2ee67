// Sets light or dark before the first paint; loaded in the head, on its own, so that nothing flashes.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function show(): void {
  let wish = "system";
  try {
    wish = localStorage.getItem("theme") ?? "system";
  } catch {
    // A browser that forbids storage follows the system.
  }
  root.dataset.bsTheme = wish === "dark" || (wish === "system" && dark.matches) ? "dark" : "light";
  root.dataset.themeWish = wish;
}

root.classList.add("js");
show();
dark.addEventListener("change", show);
document.addEventListener("motcua:theme", show);
