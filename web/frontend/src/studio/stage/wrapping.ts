// Breaks text into lines. Pure but for what measures it.

/** Return lines that fit, at most `most`; what is left over is cut off with an ellipsis. */
export function wrap(text: string, fits: (line: string) => boolean, most: number, language: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces(text, language)) {
    if (line.trim() === "" || fits((line + piece).trimEnd())) line += piece;
    else {
      lines.push(line.trim());
      line = piece;
    }
  }
  if (line.trim()) lines.push(line.trim());
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), shorten(lines[most - 1] ?? "", fits)];
}

function shorten(line: string, fits: (line: string) => boolean): string {
  const signs = [...line];
  while (signs.length > 1 && !fits(`${signs.join("")}…`)) signs.pop();
  return `${signs.join("").trimEnd()}…`;
}

/** Words with the sign that follows them: no line begins with a comma. */
function pieces(text: string, language: string): string[] {
  const words = typeof Intl.Segmenter === "function"
    ? [...new Intl.Segmenter(language, { granularity: "word" }).segment(text)].map((one) => one.segment)
    : text.split(/(?<=\s)/);
  const joined: string[] = [];
  for (const word of words) {
    if (joined.length > 0 && /^[\s\p{Pe}\p{Pf}\p{Po}]+$/u.test(word)) joined.push(`${joined.pop() ?? ""}${word}`);
    else joined.push(word);
  }
  return joined;
}
