// Says that somebody is here, so that the others see it.
import type { Facts } from "./facts.ts";
import type { Server } from "./server.ts";

const EVERY_MS = 15_000;

/** Say it now and again and again, while the page is open. */
export function followPresence(server: Server, { api, face }: Facts): void {
  if (face === "over") return;
  const say = async () => {
    await server.post(`${api}/readiness/presence`);
    setTimeout(() => void say(), EVERY_MS);
  };
  void say();
}
