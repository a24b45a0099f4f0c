import type { InstanceRandom } from 'proctor';

/** Something that is sold. */
export interface Product {
  sku: string;
  name: string;
  /** What people call it. */
  noun: string;
}

const products: readonly Product[] = [
  { sku: 'TRAY', name: 'Oak tray', noun: 'tray' },
  { sku: 'VASE', name: 'Tall vase', noun: 'vase' },
  { sku: 'CLOCK', name: 'Wall clock', noun: 'clock' },
  { sku: 'STOOL', name: 'Beech stool', noun: 'stool' },
  { sku: 'BASKET', name: 'Willow basket', noun: 'basket' },
  { sku: 'MIRROR', name: 'Round mirror', noun: 'mirror' },
  { sku: 'SHELF', name: 'Pine shelf', noun: 'shelf' },
  { sku: 'CUSHION', name: 'Wool cushion', noun: 'cushion' },
];

export const pickProducts = (random: InstanceRandom, count: number): Product[] =>
  random.sample(products, count);

/** A number of pounds as words of files: `46`, `46.0` and `46.00`. */
export function amountWords(published: number, now: number): Record<string, string> {
  return {
    [String(published)]: String(now),
    [published.toFixed(1)]: now.toFixed(1),
    [published.toFixed(2)]: now.toFixed(2),
  };
}
