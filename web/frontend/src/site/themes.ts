/** Let the toggle in the head switch between light and dark, and remember the choice. */
export function offerThemes(): void {
  document.querySelector("[data-theme-toggle]")?.addEventListener("click", () => {
    const theme = shownTheme() === "dark" ? "light" : "dark";
    document.documentElement.dataset["theme"] = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // Storage is forbidden: the choice holds for this page.
    }
  });
}

function shownTheme(): string {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  return document.documentElement.dataset["theme"] ?? (dark ? "dark" : "light");
}
