import type { Generate } from 'proctor';
import { otherIds } from '../_generate/id.ts';
import { anotherPerson } from '../_generate/person.ts';
import { amountWords } from '../_generate/product.ts';

const things = [
  ['LANTERN', 'Garden lantern', 'lanterns', 'Lanterns'],
  ['STOOL', 'Garden stool', 'stools', 'Stools'],
  ['PLANTER', 'Garden planter', 'planters', 'Planters'],
  ['BENCH', 'Garden bench', 'benches', 'Benches'],
] as const;

/** Somebody else's parcel, with something else in it, missing for another number of days. */
const generate: Generate = (_, random) => {
  const [sku, name, plural, capital] = random.pick(things);
  const price = random.int(24, 43);
  const days = random.int(11, 14);
  return {
    words: {
      ...otherIds(random, ['T-17', 'C-206', 'O-2008', 'P-2008', 'S-2008', 'NP311846']),
      ...anotherPerson(random, {
        name: 'Farid Nowak',
        alone: ['last'],
        email: 'farid.nowak@example.org',
        postcode: 'PL4 8AA',
        address: '9 North Hill, Plymouth PL4 8AA',
      }),
      LANTERN: sku,
      'Garden lantern': name,
      lanterns: plural,
      Lanterns: capital,
      '31.0': price.toFixed(1),
      ...amountWords(62, 2 * price),
      '2026-03-03': `2026-03-0${16 - days}`,
      13: String(days),
    },
    covariates: { price: { value: price, within: 0.6 }, days: { value: days, within: 0.3 } },
  };
};
export default generate;
