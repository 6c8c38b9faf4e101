import { links, remember } from "./links.ts";
import { bindForm, bindLink, focusOn } from "./parts.ts";
import { bindSuggesting } from "./suggesting.ts";

/** Send questions without leaving the page on which something plays. Without scripts the form does. */
export function bindAsking(room: ParentNode): void {
  const section = room.querySelector<HTMLElement>("[data-asking]");
  if (!section) return;
  bind(section);
  showLinks(section);
  addEventListener("leaving", () => leave(section));
}

function bind(section: HTMLElement): void {
  const form = section.querySelector<HTMLFormElement>("[data-ask]");
  if (!form) return;
  bindForm(form);
  bindSuggesting(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(section, form);
  });
}

async function send(section: HTMLElement, form: HTMLFormElement): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>("[data-send]");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const sent = page.querySelector<HTMLElement>("[data-sent]");
    if (sent && answer.ok) taken(section, form, sent, new URL(answer.url).pathname);
    else refused(section, form, page);
  } catch {
    form.submit(); // the network may be back by then; the browser says so if it is not
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

function taken(section: HTMLElement, form: HTMLFormElement, sent: HTMLElement, path: string): void {
  const heading = sent.querySelector("h1");
  const smaller = document.createElement("h3"); // the page has its own h1
  smaller.className = "h-s";
  smaller.tabIndex = -1;
  smaller.textContent = heading?.textContent ?? "";
  heading?.replaceWith(smaller);
  remember(section.dataset["asking"] ?? "", sent.dataset["sent"] ?? "", path);
  section.querySelector("[data-sent-here]")?.replaceChildren(sent);
  bindLink(sent);
  form.reset();
  form.dispatchEvent(new Event("input"));
  keepName(form, sent);
  (sent.querySelector<HTMLElement>("[data-focus]") ?? smaller).focus();
}

function refused(section: HTMLElement, form: HTMLFormElement, page: Document): void {
  const fresh = page.querySelector<HTMLFormElement>("[data-ask]");
  const closed = page.querySelector<HTMLElement>("[data-closed]");
  const instead = fresh ?? closed;
  if (!instead) return form.submit();
  form.replaceWith(instead);
  bind(section);
  focusOn(section);
}

/** Beside one's own questions stands the way to their page, as long as this tab knows it. */
function showLinks(section: HTMLElement): void {
  const known = links(section.dataset["asking"] ?? "");
  for (const place of section.querySelectorAll<HTMLElement>("[data-own]")) {
    const path = known[place.dataset["own"] ?? ""];
    if (!path) continue;
    place.querySelector("a")?.setAttribute("href", path);
    place.hidden = false;
  }
}

/** Quick exit: the next person at this computer does not see what was asked. */
function leave(section: HTMLElement): void {
  const body = new FormData();
  const token = section.querySelector<HTMLInputElement>("[name=csrf_token]")?.value;
  if (token) body.set("csrf_token", token);
  navigator.sendBeacon(section.dataset["leave"] ?? "", body);
}

/** From the first question on the room calls somebody by one name. */
function keepName(form: HTMLFormElement, sent: HTMLElement): void {
  const alias = form.querySelector("[data-alias]");
  const name = sent.querySelector(".q-card__head strong")?.textContent;
  if (alias && name) alias.textContent = name;
  form.querySelector("[data-rename]")?.remove();
}
