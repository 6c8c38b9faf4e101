import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./fakes.ts";
import { PATIENCE, onAir } from "./on_air.ts";

test("a recording that the server cannot go on with is lost with its seconds, and another begins", async () => {
  const { sending, server, recorders, give } = await onAir();
  await give(4);
  server.forgetRecording();
  await give(1);
  await until(() => recorders.machines.length === 2, "another recorder");
  assert.ok(sending.state.lostSeconds > 0);
  await give(4);
  assert.equal(await sending.stop(PATIENCE), 0);
  assert.deepEqual(server.recordings.at(-1), recorders.recorded.at(-1));
  assert.ok((await sending.files()).length > 0);
});

test("a recording that the server forgets twice in a row begins anew: nobody else sends", async () => {
  const { sending, server, recorders, give } = await onAir();
  for (const machines of [2, 3]) {
    await give(3);
    await until(() => server.taken.length > 0 && sending.state.unsentBytes === 0, "the server to have it");
    server.forgetRecording();
    await give(1);
    await until(() => recorders.machines.length === machines, "another recorder");
  }
  await give(3);
  assert.equal(sending.state.phase, "recording");
  assert.equal(await sending.stop(PATIENCE), 0);
  assert.deepEqual(server.recordings.at(-1), recorders.recorded.at(-1));
});

test("an encoder is taken over from once; when it insists, it has the livestream", async () => {
  const { sending, server, recorders, give } = await onAir();
  server.another = true;
  await give(3);
  await until(() => sending.state.unsentBytes === 0, "the server to have it");
  server.forgetRecording();
  await give(1);
  await until(() => recorders.machines.length === 2, "another recorder");
  for (let round = 3; sending.state.phase !== "elsewhere"; round += 1) { // a minute is short on a busy machine
    assert.ok(round < 30, "it never stood back");
    await give(3);
    await until(() => sending.state.unsentBytes === 0, "the server to have it again");
    server.forgetRecording();
    await give(1);
    await until(() => sending.state.phase === "elsewhere" || recorders.machines.length === round, "what follows");
  }
});

test("what an earlier page left of a closed recording does not end the new one", async () => {
  const first = await onAir();
  await first.give(2);
  await until(() => first.sending.state.unsentBytes === 0, "the server to have it");
  first.server.fault = () => "away";
  await first.give(4);
  first.life.kill();
  first.server.fault = () => "";
  first.server.forgetRecording();
  const second = await onAir(first.server, first.store, first.recorded);
  await until(() => second.sending.state.lostSeconds > 0, "the leftover to be given up");
  await second.give(3);
  assert.equal(await second.sending.stop(PATIENCE), 0);
  assert.equal(second.recorders.machines.length, 1);
  assert.deepEqual(first.server.recordings.at(-1), first.recorded.at(-1));
});

test("a number that is gone is lost, and a new recording goes on there", async () => {
  const { sending, server, recorders, give } = await onAir();
  server.durableLag = 0;
  await give(8);
  await until(() => sending.state.durableThrough > 3, "durable chunks");
  server.goBack(2);
  await give(2);
  await until(() => recorders.machines.length === 2, "another recorder");
  await give(4);
  assert.equal(await sending.stop(PATIENCE), 0);
  assert.deepEqual(server.recordings.at(-1), recorders.recorded.at(-1));
});

test("a gap goes back to chunks that are still here", async () => {
  const { sending, server, give } = await onAir();
  server.durableLag = 99;
  await give(8);
  await until(() => server.taken.length > 4, "chunks");
  const sent = server.taken.map((bytes) => [...bytes]);
  server.goBack(2);
  await give(1);
  assert.equal(await sending.stop(PATIENCE), 0);
  assert.deepEqual(server.taken.slice(0, sent.length).map((bytes) => [...bytes]), sent);
  assert.equal(sending.state.lostSeconds, 0);
});

test("another browser that sends makes this one stand back", async () => {
  const { sending, server, give } = await onAir();
  await give(2);
  await until(() => server.taken.length > 0, "chunks");
  server.taken.push(new Uint8Array(1), new Uint8Array(1));
  await give(1);
  await until(() => sending.state.phase === "elsewhere", "the phase");
});
