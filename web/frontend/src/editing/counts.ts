/** Count words, or Chinese characters, as catalog/editing/rules/lengths.py does. */
export function countOf(text: string, unit: string): number {
  const found = unit === "characters" ? text.match(/[\u4e00-\u9fff]/g) : text.match(/\S+/g);
  return found?.length ?? 0;
}

/** Tell whether a count lies between what was agreed. */
export function fits(count: number, agreed: DOMStringMap): boolean {
  return count >= Number(agreed["least"]) && count <= Number(agreed["most"]);
}
