// The engine that plays HLS, in a file of its own: it is ten times the page's script, and nobody needs
// it before they press play. `player/engine.ts` fetches it and takes it from where it is put here.
import Hls from "hls.js";

(globalThis as { mindcastHls?: typeof Hls }).mindcastHls = Hls;
