// The page of preferences: what this browser keeps of what somebody watched, and how it is forgotten.
import { fill } from "./player/times.ts";
import { allPlaces, forgetPlaces, goesWithExit, isKept, letGoWithExit, letKeep } from "./replay/places.ts";

const section = document.querySelector<HTMLElement>("[data-places]");
if (section) {
  const find = <T extends HTMLElement>(name: string) => section.querySelector<T>(`[data-places-${name}]`) as T;
  const words = JSON.parse(section.dataset["places"] ?? "{}") as Record<string, string>;
  const [keep, exit] = [find<HTMLInputElement>("keep"), find<HTMLInputElement>("exit")];
  const forget = find<HTMLButtonElement>("forget");
  const draw = () => {
    const count = Object.keys(allPlaces()).length;
    keep.checked = isKept();
    exit.checked = goesWithExit();
    exit.disabled = !keep.checked;
    forget.disabled = count === 0;
    const name = ["none", "one"][count] ?? "many";
    find("count").textContent = fill(words[name] ?? "", { count });
  };
  keep.addEventListener("change", () => {
    letKeep(keep.checked);
    draw();
  });
  exit.addEventListener("change", () => letGoWithExit(exit.checked));
  forget.addEventListener("click", () => {
    forgetPlaces();
    draw();
    find("count").focus(); // the button that had the focus can do nothing more
  });
  draw();
}
