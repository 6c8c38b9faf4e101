// How media reaches the video element: hls.js wherever media source extensions exist (browsers that
// answer "maybe" to native HLS play it badly), the browser's own HLS where they do not.
import Hls, { type HlsConfig, type LoadPolicy } from "hls.js/light";

/** What the player is told about its source. */
export interface SourceEvents {
  levels: (heights: number[]) => void;
  trouble: (kind: "network" | "media") => void;
  flowing: () => void;
}

/** A loaded address; `close` lets go of it. */
export interface Source {
  close: () => void;
  retry: () => void;
  choose: (level: number) => void;
  readonly liveEdge: number | null;
  readonly isLive: boolean;
}

const MEDIA_REPAIRS = 3;

// The encoder may be away for minutes and a server may restart: a playlist or segment is asked for again
// until the page itself says that the broadcast is over. A 404 only says "not yet".
const STUBBORN: LoadPolicy = {
  default: {
    maxTimeToFirstByteMs: 10_000,
    maxLoadTimeMs: 30_000,
    timeoutRetry: { maxNumRetry: 1_000, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: {
      maxNumRetry: 1_000,
      retryDelayMs: 1_000,
      maxRetryDelayMs: 4_000,
      backoff: "linear",
      shouldRetry: (config, count) => count < (config?.maxNumRetry ?? 0),
    },
  },
};

const CONFIG: Partial<HlsConfig> = {
  liveSyncDurationCount: 2,
  liveMaxLatencyDurationCount: Infinity, // nobody who rewound is dragged back to live
  maxLiveSyncPlaybackRate: 1.1,
  lowLatencyMode: true, // without it hls.js ignores the rate above; our playlists have no parts
  backBufferLength: 90,
  manifestLoadPolicy: STUBBORN,
  playlistLoadPolicy: STUBBORN,
  fragLoadPolicy: STUBBORN,
};

/** Load `url` into `video`, from `start` seconds or, for -1, from the live edge or the beginning. */
export function openSource(video: HTMLVideoElement, url: string, start: number, on: SourceEvents): Source {
  return Hls.isSupported() ? withHls(video, url, start, on) : withBrowser(video, url, start, on);
}

function withHls(video: HTMLVideoElement, url: string, start: number, on: SourceEvents): Source {
  const hls = new Hls({ ...CONFIG, startPosition: start });
  let repairs = 0;
  hls.on(Hls.Events.MANIFEST_PARSED, () => on.levels(hls.levels.map((level) => level.height)));
  hls.on(Hls.Events.FRAG_BUFFERED, () => on.flowing());
  hls.on(Hls.Events.ERROR, (_event, data) => {
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && repairs < MEDIA_REPAIRS) {
      repairs += 1;
      hls.recoverMediaError();
      return;
    }
    on.trouble(data.type === Hls.ErrorTypes.NETWORK_ERROR ? "network" : "media");
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  return {
    close: () => hls.destroy(),
    retry: () => {
      repairs = 0;
      if (hls.levels.length === 0) hls.loadSource(url);
      else hls.startLoad();
      hls.recoverMediaError();
    },
    choose: (level) => {
      hls.nextLevel = level;
    },
    get liveEdge() {
      return hls.liveSyncPosition;
    },
    get isLive() {
      return hls.latestLevelDetails?.live ?? false;
    },
  };
}

function withBrowser(video: HTMLVideoElement, url: string, start: number, on: SourceEvents): Source {
  const abort = new AbortController();
  const { signal } = abort;
  video.addEventListener("error", () => on.trouble("network"), { signal });
  video.addEventListener("progress", () => on.flowing(), { signal });
  if (start > 0) video.addEventListener("loadedmetadata", () => (video.currentTime = start), { signal, once: true });
  video.src = url;
  on.levels([]);
  return {
    close: () => {
      abort.abort();
      video.removeAttribute("src");
      video.load();
    },
    retry: () => {
      video.load();
      void video.play().catch(() => undefined);
    },
    choose: () => undefined,
    get liveEdge() {
      const { seekable } = video;
      return seekable.length > 0 ? Math.max(0, seekable.end(seekable.length - 1) - 3) : null;
    },
    get isLive() {
      return video.duration === Infinity;
    },
  };
}
