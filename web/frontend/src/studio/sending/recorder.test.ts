import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeRecorders } from "./fakes.ts";
import { RATES } from "./formats.ts";
import { Recorder } from "./recorder.ts";
import type { Machine, Surroundings } from "./recorder.ts";

interface Track extends EventTarget { readyState: string }

/** A recorder whose timers and clocks are moved by hand. */
function bench(around: Partial<Surroundings> = {}, tracks: Track[] = [track()]) {
  const recorders = new FakeRecorders(), heard: string[] = [], clock = { now: 0, wall: 0 };
  const timers: (() => void)[] = [], made: MediaRecorderOptions[] = [];
  const ears = { begun: (type: string) => heard.push(type), piece: (data: Blob, ms: number) => heard.push(`${data.size} ${ms}`) };
  const recorder = new Recorder({ getTracks: () => tracks } as unknown as MediaStream, ears, {
    formats: ["one", "two"], now: () => clock.now, wall: () => clock.wall,
    make: (_, options) => { made.push(options); return recorders.make(); },
    timer: (work) => { timers.push(work); return () => { timers.splice(timers.indexOf(work), 1); }; },
    ...around,
  });
  const next = async (): Promise<void> => { timers.shift()?.(); await Promise.resolve(); };
  return { recorder, recorders, heard, clock, timers, made, next };
}

function track(): Track {
  return Object.assign(new EventTarget(), { readyState: "live" });
}

test("a recording begins with its first piece and says how long each is", () => {
  const { recorder, recorders, heard, clock } = bench();
  recorder.start();
  assert.deepEqual(heard, []);
  clock.now = 260;
  recorders.current.give(20);
  clock.now = 510;
  recorders.current.give(10);
  assert.deepEqual(heard, ["video/webm", "24 260", "10 250"]);
});

test("stop hears the last piece", async () => {
  const { recorder, recorders, heard, timers } = bench();
  recorder.start();
  recorders.current.give(20);
  await recorder.stop();
  assert.deepEqual(heard, ["video/webm", "24 0", "5 0"]);
  assert.equal(timers.length, 0);
});

test("a track that ends begins a new recording of what still lives", async () => {
  const [camera, microphone] = [track(), track()];
  globalThis.MediaStream ??= Array as unknown as typeof MediaStream;
  const { recorder, recorders } = bench({}, [camera, microphone]);
  recorder.start();
  recorders.current.give();
  camera.readyState = "ended";
  camera.dispatchEvent(new Event("ended"));
  await Promise.resolve();
  assert.deepEqual(recorders.machines.map((one) => one.state), ["inactive", "recording"]);
});

test("a recorder that never says that it stopped is left behind", async () => {
  const { recorder, recorders, next } = bench();
  recorder.start();
  recorders.current.give();
  recorders.current.stop = () => undefined;
  recorder.renew();
  assert.equal(recorders.machines.length, 1);
  await next();
  assert.equal(recorders.machines.length, 2);
});

test("a format that gives nothing is followed by the next one, after a pause", async () => {
  const { recorder, recorders, made, next } = bench();
  recorder.start();
  recorders.current.fail();
  await Promise.resolve();
  assert.equal(made.length, 1);
  await next();
  assert.deepEqual(made.map((one) => one.mimeType), ["one", "two"]);
});

test("an option that the browser refuses is left out", () => {
  const recorders = new FakeRecorders(), asked: MediaRecorderOptions[] = [];
  const make = (_: MediaStream, options: MediaRecorderOptions): Machine => {
    asked.push(options);
    if ("videoKeyFrameIntervalDuration" in options) throw new TypeError("unknown option");
    return recorders.make();
  };
  bench({ make }).recorder.start();
  assert.equal(recorders.current.state, "recording");
  assert.deepEqual(asked[1], { mimeType: "one", videoBitsPerSecond: 2_500_000, audioBitsPerSecond: 96_000 });
});

test("silence of the recorder and sleep of the computer begin a new recording", async () => {
  const { recorder, recorders, clock } = bench();
  recorder.start();
  recorders.current.give();
  clock.now = clock.wall = 4000;
  recorder.look();
  assert.equal(recorders.machines.length, 1);
  clock.now = clock.wall = 5001;
  recorder.look();
  await Promise.resolve();
  assert.equal(recorders.machines.length, 2);
  recorders.current.give();
  clock.wall += 3_600_000;
  recorder.look();
  await Promise.resolve();
  assert.equal(recorders.machines.length, 3);
});

test("another rate begins a new recording", async () => {
  const { recorder, recorders, made } = bench();
  recorder.start();
  recorders.current.give();
  recorder.renew(RATES[1]);
  await Promise.resolve();
  assert.deepEqual(made.map((one) => one.videoBitsPerSecond), [2_500_000, 1_200_000]);
});
