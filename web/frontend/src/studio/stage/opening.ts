import { isGranted, openDevices } from "./devices.ts";
import type { Input } from "./input.ts";
import { barrier, codeOf, troubled } from "./remedies.ts";
import type { DeviceKind, StageWords, Trouble, TroubleCode } from "./types.ts";

/** A device to open; an empty id stands for the one of last time. */
export interface Wanted {
  input: Input;
  id: string;
}

/** Open devices with one question where the browser asks; return what could not be had, and why. */
export async function openInputs(wanted: readonly Wanted[], words: StageWords): Promise<Trouble[]> {
  const barred = barrier(isSecureContext, navigator.mediaDevices);
  if (barred) return wanted.map(({ input }) => trouble(input.kind, barred, words));
  for (const { input } of wanted) input.wanted = true;
  const troubles = await openAll(wanted, words);
  for (const { input } of wanted) input.waitForIt(); // one that is plugged in later is taken
  return troubles;
}

async function openAll(wanted: readonly Wanted[], words: StageWords): Promise<Trouble[]> {
  if (wanted.length < 2) return await openEach(wanted, words);
  const refusal = await openTogether(wanted);
  if (refusal === null) return [];
  if (!isRefusal(refusal)) return await openEach(wanted, words);
  return await openGranted(wanted, refusal, words);
}

/** Try both at once; the code says why there is none. */
async function openTogether(wanted: readonly Wanted[]): Promise<TroubleCode | null> {
  const ids: Partial<Record<DeviceKind, string>> = {};
  for (const { input, id } of wanted) ids[input.kind] = id || (await input.preferred());
  try {
    const tracks = await openDevices(ids);
    for (const { input, id } of wanted) {
      const track = tracks[input.kind];
      if (track) input.adopt(track, id ? "chosen" : "first");
    }
    return null;
  } catch (fault) {
    return codeOf(fault);
  }
}

/** Open one after the other: one that is missing does not keep the other away. */
async function openEach(wanted: readonly Wanted[], words: StageWords): Promise<Trouble[]> {
  const troubles: Trouble[] = [];
  for (const { input, id } of wanted) {
    try {
      await input.open(id);
    } catch (fault) {
      troubles.push(trouble(input.kind, codeOf(fault), words));
    }
  }
  return troubles;
}

/** After a refusal nobody is asked again: only what is allowed already is opened. */
async function openGranted(wanted: readonly Wanted[], code: TroubleCode, words: StageWords): Promise<Trouble[]> {
  const allowed: Wanted[] = [];
  const troubles: Trouble[] = [];
  for (const one of wanted) {
    if (await isGranted(one.input.kind)) allowed.push(one);
    else troubles.push(trouble(one.input.kind, code, words));
  }
  return allowed.length < wanted.length
    ? [...troubles, ...(await openEach(allowed, words))]
    : allowed.map(({ input }) => trouble(input.kind, code, words));
}

function isRefusal(code: TroubleCode): boolean {
  return code === "refused" || code === "refused_by_system";
}

function trouble(kind: DeviceKind, code: TroubleCode, words: StageWords): Trouble {
  return troubled(null, kind, code, words);
}
