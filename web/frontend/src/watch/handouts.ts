import { fill } from "../player/times.ts";

/** A hand-out as the audience state tells it; its size in bytes. */
export interface Handout {
  id: string;
  title: string;
  kind: string;
  size: number;
}

/** Write a size as the server does. */
export function sizeOf(bytes: number): string {
  if (bytes >= 1_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${Math.max(Math.round(bytes / 1000), 1)} KB`;
}

/** The list of what there is to take along: what is brought while the page is open is there at once. */
export class Handouts {
  private readonly root: HTMLElement;
  private readonly list: HTMLElement;
  private readonly kinds: Record<string, string>;

  constructor(root: HTMLElement) {
    this.root = root;
    this.list = root.querySelector<HTMLElement>("[data-handouts-list]")!;
    this.kinds = JSON.parse(root.dataset["kinds"] ?? "{}") as Record<string, string>;
  }

  /** Follow the audience state; null: it does not tell of them any more. */
  follow(handouts: Handout[] | null): void {
    if (!handouts) return;
    const wanted = new Set(handouts.map((one) => one.id));
    const lines = [...this.list.querySelectorAll<HTMLElement>("[data-handout]")];
    for (const line of lines) if (!wanted.has(line.dataset["handout"] ?? "")) line.remove();
    const known = new Set(lines.map((line) => line.dataset["handout"]));
    const fresh = handouts.filter((one) => !known.has(one.id));
    for (const one of fresh) this.add(one);
    this.show(handouts.length > 0);
    const said = this.root.querySelector("[data-handouts-said]");
    if (said && fresh.length > 0) said.textContent = fill(this.root.dataset["said"] ?? "", { title: fresh.at(-1)?.title ?? "" });
  }

  private show(some: boolean): void {
    this.root.hidden = !some;
    const tab = document.querySelector<HTMLElement>("[data-tab-handouts]");
    if (tab) tab.hidden = !some;
  }

  private add({ id, title, kind, size }: Handout): void {
    const template = this.root.querySelector<HTMLTemplateElement>("[data-one]");
    const line = (template?.content.cloneNode(true) as DocumentFragment | undefined)?.querySelector("li");
    if (!line) return;
    line.dataset["handout"] = id;
    for (const part of line.querySelectorAll("[data-title]")) part.textContent = title;
    line.querySelector("[data-about]")!.textContent = `${this.kinds[kind] ?? ""}, ${sizeOf(size)}`;
    line.querySelector<HTMLAnchorElement>("[data-link]")!.href = `${location.pathname.replace(/\/$/, "")}/handouts/${id}`;
    this.list.append(line);
  }
}
