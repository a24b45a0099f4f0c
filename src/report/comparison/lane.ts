const half = 12;

/** A difference from −1 to 1 with its interval, drawn: `···├─●──┤·┊·········`. */
export function lane(value: number, { low, high }: { low: number; high: number }): string {
  const at = (share: number) => Math.round(Math.max(-1, Math.min(1, share)) * half) + half;
  const signs = Array.from({ length: 2 * half + 1 }, (_, place) => {
    if (place === at(value)) return '●';
    if (place === at(low)) return '├';
    if (place === at(high)) return '┤';
    if (place === half) return '┊';
    return place > at(low) && place < at(high) ? '─' : '·';
  });
  return signs.join('');
}
