/** One picture of a storyboard: a part of a sheet, in its pixels. */
export interface Frame {
  second: number;
  sheet: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

const CUE = /(?:(\d+):)?(\d\d):(\d\d)\.(\d{3}) --> [^\n]*\n([^\s#]+)#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)/g;

/** Read a storyboard's WebVTT; `base` is its own address, which those of the sheets begin from. */
export function readStory(text: string, base: string): Frame[] {
  return [...text.replace(/\r\n?/g, "\n").matchAll(CUE)].map((found) => {
    const [hours, minutes, seconds, thousandths] = found.slice(1, 5).map((part) => Number(part ?? 0));
    const [x, y, width, height] = found.slice(6, 10).map(Number);
    const second = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0) + (thousandths ?? 0) / 1000;
    const sheet = new URL(found[5] ?? "", base).href;
    return { second, sheet, x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 };
  });
}
