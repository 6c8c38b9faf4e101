const SAID_MS = 2000;

/** Let every button with data-copy put the text of the element it names on the clipboard. */
export function offerCopies(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
    const source = document.getElementById(button.dataset["copy"] ?? "");
    if (source) button.addEventListener("click", () => void copy(source, button));
  }
}

async function copy(source: HTMLElement, button: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(source.textContent?.trim() ?? "");
    say(button, button.dataset["copied"] ?? "");
  } catch {
    getSelection()?.selectAllChildren(source); // the clipboard is closed to us: one more press copies it
  }
}

/** Say on the button itself that it worked; its label comes back after a while. */
function say(button: HTMLButtonElement, words: string): void {
  const label = (button.dataset["label"] ??= button.textContent ?? "");
  button.textContent = words;
  setTimeout(() => { button.textContent = label; }, SAID_MS);
}
