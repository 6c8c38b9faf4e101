// A test recording: what viewers would see and hear, kept in the page and never sent.

const FORMATS = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"]; // VP8 costs the least
const BITS = 2_500_000;

/** Record `stream` for `seconds`, or until `signal` says enough; resolves with what can be played. */
export function record(stream: MediaStream, seconds: number, signal?: AbortSignal): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const pieces: Blob[] = [];
    const recorder = new MediaRecorder(stream, { ...formatOf(), videoBitsPerSecond: BITS });
    const stop = () => { if (recorder.state !== "inactive") recorder.stop(); };
    const timer = setTimeout(stop, seconds * 1000);
    signal?.addEventListener("abort", stop, { once: true });
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onerror = () => reject(new Error("recorder"));
    recorder.onstop = () => {
      clearTimeout(timer);
      resolve(new Blob(pieces, { type: recorder.mimeType }));
    };
    recorder.start();
  });
}

function formatOf(): { mimeType?: string } {
  const mimeType = FORMATS.find((one) => MediaRecorder.isTypeSupported(one));
  return mimeType ? { mimeType } : {};
}
