// What stands in the answer when a prepared text is put into it. Pure.

/** Return `text` in place of another prepared one, or below words of the moderator's own. */
export function withPrepared(present: string, text: string, texts: readonly string[]): string {
  const own = present.trim();
  return own === "" || texts.includes(own) ? text : `${own}\n\n${text}`;
}
