import assert from "node:assert/strict";
import { test } from "node:test";
import { browserFact, cameraFact } from "./facts.ts";

test("a camera is told by its size and rate", () => {
  assert.equal(cameraFact({ width: 1280, height: 720, frameRate: 29.97 }), "1280x720@30");
  assert.equal(cameraFact(undefined), "");
});

test("a browser is told by name and number alone", () => {
  const of = (rest: string) => browserFact(`Mozilla/5.0 (X11; Linux x86_64) ${rest}`);
  assert.equal(of("AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"), "Chromium 141");
  assert.equal(of("AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.1"), "Edge 141");
  assert.equal(of("Gecko/20100101 Firefox/145.0"), "Firefox 145");
  assert.equal(of("AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15"), "Safari 18");
  assert.equal(of("AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"), "Safari 18");
  assert.equal(of("curl"), "other");
});
