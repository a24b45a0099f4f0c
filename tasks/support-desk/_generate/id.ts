import type { InstanceRandom } from 'proctor';

/** Numbers that the ids of a kind may have; none of them is one of the environment's own. */
const ranges: Record<string, [number, number]> = {
  T: [30, 98],
  C: [310, 890],
  O: [3100, 8900],
  NP: [320_000, 398_000],
};

/**
 * Published ids, such as `T-16` and `O-2006` → others, in the order that they had. A payment or shipment that has the number of an order
 * keeps doing so; what is written without a hyphen, as tracking numbers are, stays so.
 */
export function otherIds(random: InstanceRandom, published: readonly string[]): Record<string, string> {
  const numbers = new Map<string, number>();
  const kinds = [...new Set(published.map((id) => rangeOf(id)))];
  for (const kind of kinds) {
    const own = [...new Set(published.filter((id) => rangeOf(id) === kind).map(numberOf))].sort(
      (a, b) => a - b,
    );
    const [least, most] = ranges[kind] ?? [0, 0];
    const width = Math.floor((most - least) / own.length);
    for (const [at, number] of own.entries())
      numbers.set(`${kind}${number}`, least + at * width + random.int(0, width - 1));
  }
  return Object.fromEntries(
    published.map((id) => [id, id.replace(/\d+$/, String(numbers.get(`${rangeOf(id)}${numberOf(id)}`)))]),
  );
}

const numberOf = (id: string) => Number(/\d+$/.exec(id)?.[0]);

function rangeOf(id: string): string {
  const prefix = /^[A-Z]+/.exec(id)?.[0] ?? '';
  return prefix === 'P' || prefix === 'S' ? 'O' : prefix;
}
