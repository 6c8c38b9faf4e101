import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeServer, until } from "./fakes.ts";
import { MemoryStore } from "./memory_store.ts";
import { PATIENCE, onAir } from "./on_air.ts";

test("whatever fails, the server has exactly what was recorded", { timeout: 60_000 }, async () => {
  for (let seed = 1; seed <= 12; seed += 1) await randomShow(seed);
});

/** A show with random faults, reloads and failing recorders. */
async function randomShow(seed: number): Promise<void> {
  let state = seed;
  const chance = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const server = new FakeServer(), store = new MemoryStore(), recorded: number[][] = [];
  server.fault = () => (["", "", "away", "unheard", "busy", "silent"] as const)[Math.floor(chance() * 6)]!;
  let page = await onAir(server, store, recorded);
  for (let step = 0; step < 25; step += 1) {
    const dice = chance();
    if (dice < 0.85) await page.give(1 + Math.floor(chance() * 3));
    else if (dice < 0.92) await fail(page);
    else {
      await until(() => page.life.adds() >= page.recorders.pieces, "the last pieces"); // else they were lost
      page.life.kill();
      page = await onAir(server, store, recorded);
    }
  }
  server.fault = () => "";
  assert.equal(await page.sending.stop(PATIENCE), 0, `seed ${seed}`);
  assert.deepEqual(server.recordings, recorded, `seed ${seed}`);
  assert.equal(page.sending.state.lostSeconds, 0, `seed ${seed}`);
}

async function fail(page: Awaited<ReturnType<typeof onAir>>): Promise<void> {
  const { machines } = page.recorders, before = machines.length;
  page.recorders.current.fail();
  await until(() => machines.length > before, "another recorder");
}
