// How media reaches the video element: hls.js wherever media source extensions exist (browsers that
// answer "maybe" to native HLS play it badly), the browser's own HLS where they do not.
import type Hls from "hls.js";
import type { HlsConfig, LoadPolicy } from "hls.js";
import { pageRate } from "./connection.ts";
import type { Engine } from "./engine.ts";
import { placeAmong } from "./place.ts";

/** What the player is told about its source. */
export interface SourceEvents {
  levels: (heights: number[]) => void;
  trouble: (kind: "network" | "media") => void;
  flowing: () => void;
  /** Part of a recording is not there any more: its addresses have been replaced by others. */
  gone: () => void;
}

/** What a person wants to see, in lines of the picture; 0 for no wish. */
export interface Wishes {
  height: number;
  limit: number;
}

/** A loaded address; `close` lets go of it. */
export interface Source {
  close: () => void;
  retry: () => void;
  wish: (wishes: Wishes) => void;
  readonly liveEdge: number | null;
  readonly isLive: boolean;
  /** The moment of the picture that is shown, in milliseconds since 1970; null where it is not known. */
  readonly moment: number | null;
  /** Where such a moment lies, in seconds of the video; null where that is not known. */
  placeOf: (moment: number) => number | null;
}

const MEDIA_REPAIRS = 3;
const UNKNOWN_RATE = 400_000; // bits per second

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
  maxBufferLength: 90, // a recording is fetched well ahead; live there is nothing to fetch ahead
  maxMaxBufferLength: 120,
  startLevel: -1, // the rung that the connection carries, see firstGuess
  manifestLoadPolicy: STUBBORN,
  playlistLoadPolicy: STUBBORN,
  fragLoadPolicy: STUBBORN,
};

/**
 * A viewer whose requests take this long to be answered stays further behind live: what asks for the list and
 * then for a second of media would come later than two seconds of buffer last.
 */
const FAR_MS = 150;
const FAR_SEGMENTS = 4;

/**
 * The shares of the line that a live rung may take. A second of media costs a request of its own: on a long
 * line a third of the time passes in waiting, and two seconds of buffer forgive no rung that is too large.
 */
const LIVE_SHARES = { abrBandWidthFactor: 0.7, abrBandWidthUpFactor: 0.55 };

/**
 * Begin with what the page's own files have shown, else low. No piece is fetched only to measure the line:
 * it would be thrown away, and a live viewer would stay half a second behind for it.
 */
function firstGuess(): Partial<HlsConfig> {
  return { testBandwidth: false, abrEwmaDefaultEstimate: pageRate() ?? UNKNOWN_RATE };
}

/** Load `url` into `video`, from `start` seconds or, for -1, from the live edge or the beginning. */
export function openSource(
  engine: Engine | null,
  video: HTMLVideoElement,
  url: string,
  start: number,
  wishes: Wishes,
  on: SourceEvents,
): Source {
  if (engine?.isSupported()) return withEngine(engine, video, url, start, wishes, on);
  return withBrowser(video, url, start, on);
}

function withEngine(
  engine: Engine,
  video: HTMLVideoElement,
  url: string,
  start: number,
  wishes: Wishes,
  on: SourceEvents,
): Source {
  const hls = new engine({ ...CONFIG, ...firstGuess(), startPosition: start });
  const { Events, ErrorTypes } = engine;
  let repairs = 0;
  const isLive = () => hls.latestLevelDetails?.live ?? false;
  hls.on(Events.MANIFEST_PARSED, () => {
    on.levels(hls.levels.map((level) => level.height));
    limit(hls, wishes);
    const level = levelOf(hls, wishes.height);
    if (level >= 0) hls.startLevel = hls.loadLevel = level;
  });
  hls.on(Events.MANIFEST_LOADED, (_event, { stats }) => {
    if (stats.loading.first - stats.loading.start > FAR_MS) hls.config.liveSyncDurationCount = FAR_SEGMENTS;
  });
  hls.on(Events.LEVEL_LOADED, (_event, { details }) => {
    if (details.live) Object.assign(hls.config, LIVE_SHARES);
  });
  hls.on(Events.FRAG_BUFFERED, () => on.flowing());
  hls.on(Events.ERROR, (_event, data) => {
    if (data.response?.code === 404 && hls.latestLevelDetails && !isLive()) on.gone();
    if (!data.fatal) return;
    if (data.type === ErrorTypes.MEDIA_ERROR && repairs < MEDIA_REPAIRS) {
      repairs += 1;
      hls.recoverMediaError();
      return;
    }
    on.trouble(data.type === ErrorTypes.NETWORK_ERROR ? "network" : "media");
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
    wish: (wanted) => {
      limit(hls, wanted);
      hls.nextLevel = levelOf(hls, wanted.height);
    },
    get liveEdge() {
      return hls.liveSyncPosition;
    },
    get isLive() {
      return isLive();
    },
    get moment() {
      return hls.playingDate?.getTime() ?? null;
    },
    placeOf: (moment) => placeAmong(hls.latestLevelDetails?.fragments ?? [], moment),
  };
}

/** Return the level of a height, -1 (whatever the connection carries) when there is none. */
function levelOf(hls: Hls, height: number): number {
  return height > 0 ? hls.levels.findLastIndex((level) => level.height === height) : -1;
}

/** Let the connection choose among the levels that are not higher than wished, the lowest at least. */
function limit(hls: Hls, { limit: lines }: Wishes): void {
  const highest = hls.levels.findLastIndex((level) => level.height <= lines);
  hls.autoLevelCapping = lines > 0 ? Math.max(highest, 0) : -1;
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
    wish: () => undefined,
    get liveEdge() {
      const { seekable } = video;
      return seekable.length > 0 ? Math.max(0, seekable.end(seekable.length - 1) - 3) : null;
    },
    get isLive() {
      return video.duration === Infinity;
    },
    moment: null,
    placeOf: () => null,
  };
}
