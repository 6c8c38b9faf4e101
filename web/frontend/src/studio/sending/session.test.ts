import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeRecorders, FakeServer, stream, surroundings, until } from "./fakes.ts";
import { isResumable, leftoverIn } from "./leftovers.ts";
import { MemoryStore } from "./memory_store.ts";
import { OPTIONS, PATIENCE, onAir } from "./on_air.ts";
import { Sending } from "./session.ts";
import type { Store } from "./store.ts";

test("everything arrives in order, and is forgotten when it is durable", async () => {
  const { sending, server, store, recorded, give } = await onAir();
  await give(12);
  assert.equal(sending.state.phase, "recording");
  server.durableLag = 0;
  assert.equal(await sending.stop(PATIENCE), 0);
  assert.deepEqual(server.recordings, recorded);
  assert.equal(sending.state.phase, "idle");
  await until(() => sending.state.durableThrough === server.taken.length - 1, "durability");
  assert.deepEqual(await store.numbers("show"), []);
  assert.equal(await isResumable(store, "show", Date.now()), false);
});

test("pieces that wait are sent together", async () => {
  const { sending, server, recorded, give } = await onAir();
  server.fault = () => "away";
  await give(30);
  await until(() => sending.state.phase === "offline", "the phase");
  assert.ok(sending.state.unsentBytes > 600);
  server.fault = () => "";
  assert.equal(await sending.stop(PATIENCE), 0);
  assert.ok(server.taken.length < 6, `${server.taken.length} chunks`);
  assert.deepEqual(server.recordings, recorded);
});

test("a repeat has the same bytes although more was recorded meanwhile", async () => {
  const { sending, server, give } = await onAir();
  server.fault = () => "unheard";
  await give(5);
  await until(() => server.puts.length > 2, "repeats");
  assert.equal(new Set(server.puts).size, 1);
  server.fault = () => "";
  await sending.stop(PATIENCE);
});

test("a reload sends what was left first, then a new recording of the same broadcast", async () => {
  const first = await onAir();
  await first.give(4);
  first.server.fault = () => "away";
  await first.give(6);
  first.life.kill();
  assert.equal(await isResumable(first.store, "show", 1e12 + 2), true);
  assert.ok((await leftoverIn(first.store, "show"))!.pieces > 0);
  first.server.fault = () => "";
  const second = await onAir(first.server, first.store, first.recorded);
  await second.give(5);
  assert.equal(await second.sending.stop(PATIENCE), 0);
  assert.deepEqual(first.server.recordings, first.recorded);
  assert.equal(first.server.recordings.length, 2);
});

test("a recorder that fails is followed by another recording", async () => {
  const { sending, server, recorders, recorded, give } = await onAir();
  await give(3);
  recorders.current.fail();
  await until(() => recorders.machines.length === 2, "another recorder");
  await give(3);
  await sending.stop(PATIENCE);
  assert.equal(server.recordings.length, 2);
  assert.deepEqual(server.recordings, recorded);
});

test("what the server says no to is told in its words, and stays", async () => {
  const { sending, server, store, recorders, give } = await onAir();
  server.refusal = { status: 409, code: "not_receiving", detail: "This livestream does not take media now." };
  await give();
  await until(() => sending.state.phase === "refused", "the refusal");
  await until(() => recorders.current.state === "inactive", "the end of recording");
  assert.deepEqual(sending.state.refusal, { status: 409, code: "not_receiving", words: server.refusal.detail });
  const files = await sending.files();
  assert.deepEqual([...new Uint8Array(await files[0]!.arrayBuffer())], recorders.recorded[0]);
  await sending.wipe();
  assert.deepEqual(await sending.files(), []);
  assert.equal(await leftoverIn(store, "show"), null);
});

test("a livestream that takes media again goes on where it was", async () => {
  const { sending, server, recorded, give } = await onAir();
  server.refusal = { status: 409, code: "gate_shut", detail: "Nobody moderates." };
  await give();
  await until(() => sending.state.phase === "refused", "the refusal");
  server.refusal = null;
  await sending.start();
  await give(3);
  assert.equal(await sending.stop(PATIENCE), 0);
  assert.deepEqual(server.recordings, recorded);
});

test("stop without network says how much waits, goes on, and can be asked again", async () => {
  const { sending, server, recorded, give } = await onAir();
  await give(2);
  server.fault = () => "away";
  await give(8);
  assert.ok(await sending.stop(200) > 0);
  assert.equal(sending.state.phase, "stopping");
  server.fault = () => "";
  assert.equal(await sending.stop(PATIENCE), 0);
  assert.deepEqual(server.recordings, recorded);
});

test("a recorder that gives its first byte alone loses nothing, also after a reload", async () => {
  const first = await onAir();
  first.recorders.current.giveLate();
  await first.give(3);
  await until(() => first.sending.state.unsentBytes === 0, "the first recording");
  first.life.kill();
  const second = await onAir(first.server, first.store, first.recorded);
  second.recorders.current.giveLate();
  await second.give(3);
  assert.equal(await second.sending.stop(PATIENCE), 0);
  assert.deepEqual(first.server.recordings, first.recorded);
  assert.equal(second.sending.state.lostSeconds, 0);
});

test("going live while a rehearsal is forgotten sends and stays resumable", async () => {
  for (let delay = 0; delay < 24; delay += 2) {
    const server = new FakeServer(), recorders = new FakeRecorders(), store = new MemoryStore();
    const sending = new Sending({ ...OPTIONS, stream: stream() }, surroundings(server, recorders, slow(store)));
    await sending.start();
    recorders.current.give();
    assert.equal(await sending.stop(PATIENCE), 0);
    server.durableLag = 0; // the next question is the last one
    await new Promise((resolve) => setTimeout(resolve, delay));
    await sending.start();
    recorders.current.give();
    await until(() => server.recordings.length === 2, `the broadcast after ${delay} ms`);
    assert.equal((await store.life("show")).onAir, true);
  }
});

/** A store on a busy disk. */
function slow(store: Store): Store {
  return new Proxy(store, {
    get: (target, name) => async (...given: unknown[]) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return (Reflect.get(target, name) as (...all: unknown[]) => unknown).apply(target, given);
    },
  });
}

test("a slow line gets a lower rate, as a new recording", async () => {
  const { sending, server, recorders, recorded, life } = await onAir();
  server.slowness = 20; // four seconds for each request, by the clock of the page
  const { pictureRate } = sending.state;
  while (sending.state.pictureRate === pictureRate) {
    recorders.current.give(20_000);
    await new Promise((resolve) => setTimeout(resolve, 2));
    assert.ok(life.adds() < 1000, "no lower rate");
  }
  assert.ok(sending.state.pictureRate < pictureRate);
  server.slowness = 0;
  await until(() => recorders.machines.length > 1, "another recorder");
  recorders.current.give();
  assert.equal(await sending.stop(PATIENCE), 0);
  assert.deepEqual(server.recordings, recorded);
});

/** Locks of one name that are granted late, as browsers do, one after the other. */
function lateLocks(): LockManager {
  let last: Promise<unknown> = Promise.resolve();
  const request = (_name: string, options: { signal?: AbortSignal }, hold: () => Promise<void>): Promise<unknown> => {
    const granted = last.then(() => new Promise((resolve) => setTimeout(resolve, 5))).then(() => hold());
    last = granted;
    const refused = new Promise((_, reject) => options.signal?.addEventListener("abort", () => reject(options.signal?.reason)));
    return Promise.race([granted, refused]);
  };
  return { request } as unknown as LockManager;
}

test("a page that is told twice to go on has one turn and is not elsewhere", async () => {
  const server = new FakeServer(), recorders = new FakeRecorders([]);
  const sending = new Sending({ ...OPTIONS, stream: stream() }, { ...surroundings(server, recorders), locks: lateLocks() });
  assert.deepEqual(await Promise.all([sending.start(), sending.start()]), [true, true]);
  recorders.current.give();
  await until(() => server.taken.length > 0, "a chunk");
  assert.equal(sending.state.phase, "recording");
  assert.equal(sending.state.lostSeconds, 0);
  assert.equal(await sending.stop(PATIENCE), 0);
});
