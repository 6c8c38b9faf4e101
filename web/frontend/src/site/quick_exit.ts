import { forgetPlaces, goesWithExit } from "../replay/places.ts";
import { forgetLinks } from "../asking/links.ts";
import { presses } from "./presses.ts";

const TIMES = 3;
const WITHIN_MS = 1500;

/** Leave for a neutral page and take this one out of the history: by the link, or Shift three times. */
export function offerQuickExit(): void {
  const link = document.querySelector<HTMLAnchorElement>("[data-quick-exit]");
  if (!link) return;
  const leave = () => {
    document.documentElement.classList.add("left"); // nothing is readable while the next page loads
    if (goesWithExit()) forgetPlaces();
    forgetLinks();
    dispatchEvent(new Event("leaving")); // a room forgets whom it knew in this browser
    location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  const pressed = presses(TIMES, WITHIN_MS);
  document.addEventListener("keydown", (event) => {
    if (!event.repeat && pressed(event.key === "Shift", event.timeStamp)) leave();
  });
}
