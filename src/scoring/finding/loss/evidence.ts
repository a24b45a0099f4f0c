const maxListed = 5;
const maxCharacters = 160;

/** What was lost, one per line, long lists and lines cut. */
export function evidenceOf(lost: readonly string[]): string {
  const shown = lost
    .slice(0, maxListed)
    .map((one) => (one.length > maxCharacters ? `${one.slice(0, maxCharacters)}…` : one));
  return [...shown, ...(lost.length > maxListed ? [`and ${lost.length - maxListed} more`] : [])].join('\n');
}
