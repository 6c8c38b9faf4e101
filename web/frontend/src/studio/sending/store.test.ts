import assert from "node:assert/strict";
import { test } from "node:test";
import { LayeredStore } from "./layered_store.ts";
import { MemoryStore } from "./memory_store.ts";
import { CONTRACT } from "./store.contract.ts";
import type { Store } from "./store.ts";

for (const { name, run } of CONTRACT) {
  test(`memory: ${name}`, () => run(new MemoryStore()));
  test(`disk and memory: ${name}`, () => run(new LayeredStore(new MemoryStore(), new MemoryStore())));
  test(`memory when the disk is dead: ${name}`, () => run(new LayeredStore(broken(new MemoryStore(), () => true), new MemoryStore())));
}

test("memory keeps only so much of what has arrived, and all that has not", async () => {
  const store = new MemoryStore(4);
  const recording = await store.begin("show", "video/webm", 50);
  for (let order = 0; order < 6; order += 1) {
    await store.add({ livestreamId: "show", recording, order, bytes: new Uint8Array(2), ms: 1 });
    await store.form("show", order, 2);
  }
  await store.settle("show", 5, -1);
  assert.deepEqual(await store.numbers("show"), [3, 4, 5]);
});

test("what the disk has goes before what only memory took", async () => {
  let full = false, told = 0;
  const disk = broken(new MemoryStore(), (name) => full && (name === "add" || name === "begin"), "QuotaExceededError");
  const store = new LayeredStore(disk, new MemoryStore(), () => { told += 1; });
  const recording = await store.begin("show", "video/webm", 50);
  const add = (order: number): Promise<boolean> =>
    store.add({ livestreamId: "show", recording, order, bytes: new Uint8Array([order]), ms: 1 });
  await add(0);
  full = true;
  await add(1);
  full = false;
  await add(2);
  assert.equal(told, 1);
  assert.equal((await store.waiting("show")).pieces, 3);
  const chunks = [await store.form("show", 0, 9), await store.form("show", 1, 9)];
  assert.deepEqual(chunks.map((one) => [...one!.bytes]), [[0], [1, 2]]);
  await store.settle("show", 2, 1);
  assert.deepEqual(await store.numbers("show"), []);
});

test("a full disk still gives what it has", async () => {
  let full = false;
  const disk = broken(new MemoryStore(), (name, given) => full && name === "form" && given[3] !== false, "QuotaExceededError");
  const store = new LayeredStore(disk, new MemoryStore());
  const recording = await store.begin("show", "video/webm", 50);
  await store.add({ livestreamId: "show", recording, order: 0, bytes: new Uint8Array([1]), ms: 1 });
  full = true;
  assert.deepEqual([...(await store.form("show", 0, 9))!.bytes], [1]);
  assert.deepEqual([...(await store.form("show", 0, 9))!.bytes], [1]);
});

function broken(store: Store, fails: (name: string, given: unknown[]) => boolean, fault = "InvalidStateError"): Store {
  return new Proxy(store, {
    get: (target, name) => (...given: unknown[]) => {
      if (fails(String(name), given)) return Promise.reject(new DOMException("", fault));
      return (Reflect.get(target, name) as (...all: unknown[]) => unknown).apply(target, given);
    },
  });
}
