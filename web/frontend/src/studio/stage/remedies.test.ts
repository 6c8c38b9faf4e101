import assert from "node:assert/strict";
import { test } from "node:test";
import { barrier, codeOf, pdfCodeOf, shareCodeOf } from "./remedies.ts";

const fault = (name: string, message = "") => ({ name, message });

test("each refusal of a device has its own remedy", () => {
  assert.equal(codeOf(fault("NotAllowedError", "Permission denied")), "refused");
  assert.equal(codeOf(fault("NotAllowedError", "Permission denied by system")), "refused_by_system");
  assert.equal(codeOf(fault("NotFoundError")), "none_found");
  assert.equal(codeOf(fault("NotReadableError")), "in_use");
  assert.equal(codeOf(fault("OverconstrainedError")), "gone");
  assert.equal(codeOf(fault("TypeError")), "failed");
  assert.equal(codeOf(null), "failed");
});

test("without https browsers hide the devices", () => {
  assert.equal(barrier(false, undefined), "insecure");
  assert.equal(barrier(true, undefined), "unsupported");
  assert.equal(barrier(true, {}), null);
});

test("a share that nobody chose is no failure", () => {
  assert.equal(shareCodeOf(fault("NotAllowedError", "Permission denied by user")), "share_refused");
  assert.equal(shareCodeOf(fault("NotAllowedError", "Permission denied by system")), "refused_by_system");
  assert.equal(shareCodeOf(fault("NotReadableError")), "share_failed");
});

test("a locked PDF is told from a damaged one", () => {
  assert.equal(pdfCodeOf(fault("PasswordException")), "pdf_locked");
  assert.equal(pdfCodeOf(fault("InvalidPDFException")), "pdf_damaged");
});
