import type { Generate } from 'proctor';
import { otherIds } from '../_generate/id.ts';
import { anotherPerson } from '../_generate/person.ts';
import { amountWords } from '../_generate/product.ts';

const pieces = [
  ['PLATE', 'Stoneware plate', 'plate'],
  ['MUG', 'Stoneware mug', 'mug'],
  ['SAUCER', 'Stoneware saucer', 'saucer'],
  ['BEAKER', 'Stoneware beaker', 'beaker'],
] as const;

/** Somebody else, one of six other things broken, at another price. */
const generate: Generate = (_, random) => {
  const [sku, name, noun] = random.pick(pieces);
  const price = random.int(20, 28) / 2;
  const total = 6 * price + 92;
  return {
    words: {
      ...otherIds(random, ['T-25', 'C-215', 'O-2020', 'P-2020']),
      ...anotherPerson(random, {
        name: 'Nils Abara',
        email: 'nils.abara@example.com',
        postcode: 'LA1 1YN',
        address: '3 Castle Hill, Lancaster LA1 1YN',
      }),
      PLATE: sku,
      'Stoneware plate': name,
      plate: noun,
      plates: `${noun}s`,
      12.5: String(price),
      '12.50': price.toFixed(2),
      ...amountWords(167, total),
    },
    covariates: { price: { value: price, within: 0.5 } },
  };
};
export default generate;
