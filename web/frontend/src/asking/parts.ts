/** Names that the page holds ready: `12:Quiet Heron|40:Slow River`. */
export function names(text: string): [string, string][] {
  return text
    .split("|")
    .map((one) => one.split(":"))
    .filter((pair): pair is [string, string] => pair.length === 2);
}

/** Count characters and change names in the form. */
export function bindForm(form: HTMLFormElement): void {
  countLeft(form);
  const rename = form.querySelector<HTMLButtonElement>("[data-rename]");
  const alias = form.querySelector<HTMLElement>("[data-alias]");
  const code = form.querySelector<HTMLInputElement>("[name=name]");
  if (!rename || !alias || !code) return;
  const ready = names(rename.dataset["rename"] ?? "");
  rename.addEventListener("click", (event) => {
    const next = ready.shift();
    if (!next) return; // the server has more
    event.preventDefault();
    ready.push(next);
    [code.value, alias.textContent] = next;
  });
}

function countLeft(form: HTMLFormElement): void {
  const text = form.querySelector<HTMLTextAreaElement>("textarea[maxlength]");
  const left = form.querySelector<HTMLElement>("[data-left]");
  if (!text || !left) return;
  const most = Number(left.dataset["most"]);
  const show = () => {
    const said = (left.dataset["left"] ?? "").replace("{left}", String(most - text.value.length));
    if (left.textContent !== said) left.textContent = said;
  };
  form.addEventListener("input", () => requestAnimationFrame(show));
}

/** Offer to copy the secret link. */
export function bindLink(within: ParentNode): void {
  const button = within.querySelector<HTMLButtonElement>("[data-copy]");
  const field = within.querySelector<HTMLInputElement>("[data-link]");
  if (!button || !field) return;
  button.hidden = false;
  button.addEventListener("click", () => void copy(field, button));
}

async function copy(field: HTMLInputElement, button: HTMLButtonElement): Promise<void> {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset["copied"] ?? "";
  } catch {
    field.focus(); // it is marked: the keyboard copies it
  }
}

export function focusOn(within: ParentNode): void {
  within.querySelector<HTMLElement>("[data-focus]")?.focus();
}
