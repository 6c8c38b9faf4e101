import assert from "node:assert/strict";
import { test } from "node:test";
import { withPrepared } from "./prepared.ts";

const texts = ["Please ask a doctor.", "Please call."];

test("an empty answer, and one that is another prepared text, become the text", () => {
  assert.equal(withPrepared(" ", "Please call.", texts), "Please call.");
  assert.equal(withPrepared("Please ask a doctor.\n", "Please call.", texts), "Please call.");
});

test("words of a moderator's own stay in front", () => {
  assert.equal(withPrepared("Dear Heron,", "Please call.", texts), "Dear Heron,\n\nPlease call.");
});
