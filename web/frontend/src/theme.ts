// Runs before the first paint: a chosen theme never flashes the other one, and parts that need scripts
// are drawn at once.
document.documentElement.classList.add("scripted");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
} catch {
  // Storage is forbidden: the device's theme holds.
}
