import assert from "node:assert/strict";
import { test } from "node:test";
import { match, readChoices } from "./choices.ts";

const DESK = { id: "a", label: "Desk camera" };

test("choices are read back, and nonsense is left out", () => {
  assert.deepEqual(readChoices(JSON.stringify({ camera: DESK })), { camera: DESK });
  assert.deepEqual(readChoices(JSON.stringify({ camera: DESK, microphone: { id: 3 }, other: DESK })), { camera: DESK });
  for (const text of [null, "", "null", "[]", "{", '{"camera":null}']) assert.deepEqual(readChoices(text), {});
});

test("a device is known by its id, else by its label", () => {
  assert.equal(match(DESK, [{ id: "b", label: "Other" }, DESK]), "a");
  assert.equal(match(DESK, [{ id: "new", label: "Desk camera" }]), "new");
  assert.equal(match(DESK, [{ id: "new", label: "Other" }]), null);
  assert.equal(match({ id: "a", label: "" }, [{ id: "new", label: "" }]), null);
  assert.equal(match(undefined, [DESK]), null);
  const standard = { id: "default", label: "Default - Headset" };
  assert.equal(match(standard, [{ id: "default", label: "Default - Laptop" }]), null);
  assert.equal(match(standard, [standard]), "default");
});
