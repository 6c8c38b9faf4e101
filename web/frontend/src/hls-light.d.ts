// The build without subtitles, keys and alternate sound ships no types of its own; they are the same.
declare module "hls.js/light" {
  export { default } from "hls.js";
  export * from "hls.js";
}
