// What a browser's error means for a person. Pure.
import { Trouble, type StageWords, type TroubleCode } from "./types.ts";

const OF_DEVICES: Record<string, TroubleCode> = {
  NotAllowedError: "refused",
  PermissionDeniedError: "refused", // the older names are still thrown
  SecurityError: "refused",
  NotFoundError: "none_found",
  DevicesNotFoundError: "none_found",
  NotReadableError: "in_use",
  TrackStartError: "in_use",
  AbortError: "in_use",
  OverconstrainedError: "gone",
  ConstraintNotSatisfiedError: "gone",
};

/** Return what keeps a page from all devices, if anything does. */
export function barrier(isSecure: boolean, devices: unknown): TroubleCode | null {
  if (devices) return null;
  return isSecure ? "unsupported" : "insecure";
}

/** Return the code of an error of getUserMedia. */
export function codeOf(fault: unknown): TroubleCode {
  const { name = "", message = "" } = (fault ?? {}) as { name?: string; message?: string };
  const code = OF_DEVICES[name] ?? "failed";
  return code === "refused" && bySystem(message) ? "refused_by_system" : code;
}

/** Return the code of an error of getDisplayMedia. */
export function shareCodeOf(fault: unknown): TroubleCode {
  const { name = "", message = "" } = (fault ?? {}) as { name?: string; message?: string };
  if (name !== "NotAllowedError") return "share_failed";
  return bySystem(message) ? "refused_by_system" : "share_refused";
}

/** Return the code of an error of pdf.js. */
export function pdfCodeOf(fault: unknown): TroubleCode {
  const name = ((fault ?? {}) as { name?: string }).name ?? "";
  if (name === "PasswordException") return "pdf_locked";
  return "pdf_damaged";
}

/** Return a trouble with its sentence; one that is a trouble already stays as it is. */
export function troubled(fault: unknown, about: Trouble["about"], code: TroubleCode, words: StageWords): Trouble {
  return fault instanceof Trouble ? fault : new Trouble(code, about, words.troubles[code]);
}

/** Chromium says so in the message; the others have no word for it. */
function bySystem(message: string): boolean {
  return /system/i.test(message);
}
