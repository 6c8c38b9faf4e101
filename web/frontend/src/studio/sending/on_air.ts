// A page on air for tests: its server, its recorders and its store.
import { FakeRecorders, FakeServer, forgetIntervals, mortal, stream, surroundings, until } from "./fakes.ts";
import { MemoryStore } from "./memory_store.ts";
import { Sending } from "./session.ts";
import type { Store } from "./store.ts";

forgetIntervals();

export const PATIENCE = 1e6; // five seconds of tests: the machine may be busy
export const OPTIONS = { livestreamId: "show", uploadUrl: "https://here/ingest/chunks/show/key" };

/** A page on air: its server, its recorders, its store. */
export async function onAir(server = new FakeServer(), store: Store = new MemoryStore(), recorded: number[][] = []) {
  const recorders = new FakeRecorders(recorded), mortality = mortal(store);
  const kill = (): void => {
    mortality.kill();
    recorders.dead = true;
  };
  const life = { ...mortality, kill };
  const sending = new Sending({ ...OPTIONS, stream: stream() }, surroundings(server, recorders, life.store));
  await sending.start();
  const give = async (count = 1): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      const before = life.adds();
      recorders.current.give();
      await until(() => life.adds() > before, "the piece to be written");
    }
  };
  return { sending, server, store, recorders, recorded, give, life };
}
