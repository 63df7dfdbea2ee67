// Menus are <details>; here they learn to close, and the theme menu to remember.

/** Close an open menu on Esc, on a click elsewhere, and when focus leaves it. */
export function closeMenusOnLeaving(): void {
  const openMenus = () => document.querySelectorAll<HTMLDetailsElement>("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}

/** Let the person choose light, dark, or whatever the system says. */
export function switchTheme(): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>("[data-theme-wish-button]");
  const showWish = (): void => {
    const wish = document.documentElement.dataset.themeWish ?? "system";
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.themeWishButton === wish));
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      try {
        localStorage.setItem("theme", button.dataset.themeWishButton ?? "system");
      } catch {
        return;
      }
      document.dispatchEvent(new Event("motcua:theme"));
      showWish();
    });
  }
  showWish();
}
