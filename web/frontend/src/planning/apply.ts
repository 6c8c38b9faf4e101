// The wizard: a field that was changed saves itself, a page shows how far it is sent. Without this the buttons do both.

type Status = (words: string) => void;

/** Let the form that asks for it save itself, one field at a time. */
export function saveAlong(form: HTMLFormElement): void {
  const status = form.querySelector<HTMLElement>("[data-save-status]");
  const say: Status = (words) => { if (status) status.textContent = words; };
  let last: Promise<void> = Promise.resolve(); // one after the other: the newest text wins
  form.addEventListener("change", (event) => {
    const field = event.target;
    if (!isField(field) || !field.name || field.type === "file") return;
    last = last.then(() => save(form, field.name, say));
  });
  sendPages(form);
  form.classList.add("saves-itself"); // a chosen page is sent at once: no button for it
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function isField(target: EventTarget | null): target is Field {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

async function save(form: HTMLFormElement, name: string, say: Status): Promise<void> {
  const whole = new FormData(form);
  const sent = new FormData();
  sent.set("csrf_token", String(whole.get("csrf_token") ?? ""));
  sent.set("only", name);
  for (const value of whole.getAll(name)) sent.append(name, value);
  say(form.dataset["saving"] ?? "");
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent, cache: "no-store", redirect: "error" });
    say((answer.ok ? form.dataset["saved"] : form.dataset["unsaved"]) ?? "");
  } catch {
    say(form.dataset["unsaved"] ?? "");
  }
}

/** Send a page as soon as it is chosen. */
function sendPages(form: HTMLFormElement): void {
  form.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.files?.[0]) return;
    send(form, input, input.files[0]);
  });
}

function send(form: HTMLFormElement, input: HTMLInputElement, file: File): void {
  const part = form.querySelector<HTMLElement>("[data-pages]");
  if (!part) return;
  const sent = new FormData();
  sent.set("csrf_token", String(new FormData(form).get("csrf_token") ?? ""));
  sent.set("only", "documents");
  sent.set(input.name, file);
  const request = new XMLHttpRequest(); // fetch does not tell how far it has sent
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) show(part, event.loaded / event.total); });
  request.addEventListener("load", () => {
    if (!draw(part, request)) fail(part);
  });
  request.addEventListener("error", () => fail(part));
  show(part, 0);
  request.send(sent);
}

/** Put the server's list in the place of the old one; tell whether it was one. */
function draw(part: HTMLElement, request: XMLHttpRequest): boolean {
  const answer = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("[data-pages]");
  if (!answer) return false;
  part.replaceWith(answer);
  const next = document.getElementById("documents");
  next?.focus(); // what was in use is gone with the old list
  return true;
}

function show(part: HTMLElement, share: number): void {
  const percent = Math.floor(share * 100);
  part.querySelector("[data-progress]")?.removeAttribute("hidden");
  part.querySelector("rect")?.setAttribute("width", String(percent));
  const words = share < 1 ? (part.dataset["sending"] ?? "").replace("{percent}", String(percent)) : part.dataset["checking"];
  const status = part.querySelector("[data-page-status]");
  if (status) status.textContent = words ?? "";
}

function fail(part: HTMLElement): void {
  part.querySelector("[data-progress]")?.setAttribute("hidden", "");
  const status = part.querySelector("[data-page-status]");
  if (status) status.textContent = part.dataset["failed"] ?? "";
}
