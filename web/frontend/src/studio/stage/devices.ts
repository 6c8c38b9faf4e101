// Asks browsers for cameras and microphones.
import type { Device, DeviceKind } from "./types.ts";

const KINDS: Partial<Record<MediaDeviceKind, DeviceKind>> = { videoinput: "camera", audioinput: "microphone" };

/** Return how a device is asked for; the ids of `exact` must fit, everything else is a wish. */
export function constraintsOf(kind: DeviceKind, exact?: string): MediaTrackConstraints {
  const wishes: MediaTrackConstraints = kind === "camera"
    ? { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } }
    : { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: { ideal: 1 } };
  return exact ? { ...wishes, deviceId: { exact } } : wishes;
}

/** Open one device, or any of its kind; throws what the browser throws. */
export async function openDevice(kind: DeviceKind, exact?: string): Promise<MediaStreamTrack> {
  return (await openDevices({ [kind]: exact ?? "" }))[kind] as MediaStreamTrack;
}

/** Open devices with one question to the person; an empty id stands for any. */
export async function openDevices(
  ids: Partial<Record<DeviceKind, string>>,
): Promise<Partial<Record<DeviceKind, MediaStreamTrack>>> {
  const wanted: MediaStreamConstraints = {};
  if (ids.camera !== undefined) wanted.video = constraintsOf("camera", ids.camera);
  if (ids.microphone !== undefined) wanted.audio = constraintsOf("microphone", ids.microphone);
  const stream = await navigator.mediaDevices.getUserMedia(wanted);
  const found: Partial<Record<DeviceKind, MediaStreamTrack>> = {};
  const [camera] = stream.getVideoTracks();
  const [microphone] = stream.getAudioTracks();
  if (camera) found.camera = camera;
  if (microphone) found.microphone = microphone;
  return found;
}

/** Return the devices there are; `used` are the ids of those in use. */
export async function listDevices(used: readonly string[] = []): Promise<Device[]> {
  const all = await (navigator.mediaDevices?.enumerateDevices() ?? Promise.resolve([]));
  const found: Device[] = [];
  for (const one of all) {
    const kind = KINDS[one.kind];
    if (kind && !isAlias(one)) found.push({ kind, id: one.deviceId, label: one.label, used: used.includes(one.deviceId) });
  }
  return found;
}

/** Tell whether the browser may use a kind of device without asking; null where it does not say. */
export async function isGranted(kind: DeviceKind): Promise<boolean | null> {
  try {
    const name = kind as PermissionName;
    return (await navigator.permissions.query({ name })).state === "granted";
  } catch {
    return null;
  }
}

/** Chromium on Windows lists one microphone up to three times, twice under these names. */
function isAlias({ kind, deviceId }: MediaDeviceInfo): boolean {
  return kind === "audioinput" && deviceId === "communications";
}
