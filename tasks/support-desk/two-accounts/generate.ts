import type { Generate } from 'proctor';
import { customers } from '../_generate/customer.ts';
import { otherIds } from '../_generate/id.ts';
import { amountWords } from '../_generate/product.ts';

const pieces = [
  ['VASE', 'Glass vase', 'glass vase', 'vase', 'Vase'],
  ['BOWL', 'Glass bowl', 'glass bowl', 'bowl', 'Bowl'],
  ['JUG', 'Glass jug', 'glass jug', 'jug', 'Jug'],
  ['CAKESTAND', 'Glass cakestand', 'glass cakestand', 'cakestand', 'Cakestand'],
] as const;

/** Somebody else with two accounts; of two of the same thing, the one bought with the candles is broken. */
const generate: Generate = (_, random) => {
  const [old, now] = customers(random, 2);
  if (!old || !now) throw new Error('there are customers');
  const [sku, name, glass, noun, capital] = random.pick(pieces);
  const price = random.int(27, 44);
  return {
    words: {
      ...otherIds(random, ['T-18', 'C-207', 'C-208', 'O-2009', 'O-2021', 'P-2009', 'P-2021']),
      'Greta Solheim': old.name,
      'greta.solheim@example.net': `${old.first}.${old.last}@example.net`.toLowerCase(),
      'greta.s@example.org': `${old.first}.${old.last[0]}@example.org`.toLowerCase(),
      'OX2 6HJ': old.postcode,
      '31 Walton Street, Oxford OX2 6HJ': old.address,
      'OX4 1EH': now.postcode,
      '8 Cowley Road, Oxford OX4 1EH': now.address,
      VASE: sku,
      'Glass vase': name,
      'glass vase': glass,
      vase: noun,
      Vase: capital,
      ...amountWords(34, price),
      '72.0': (price + 38).toFixed(1),
    },
    covariates: { price: { value: price, within: 0.6 } },
  };
};
export default generate;
