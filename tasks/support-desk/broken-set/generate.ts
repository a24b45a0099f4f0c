import type { Generate } from 'proctor';
import { otherIds } from '../_generate/id.ts';
import { anotherPerson } from '../_generate/person.ts';

const pieces = [
  ['GLASS', 'Water glass', 'water glass', 'glasses'],
  ['TUMBLER', 'Water tumbler', 'water tumbler', 'tumblers'],
  ['GOBLET', 'Water goblet', 'water goblet', 'goblets'],
  ['CUP', 'Water cup', 'water cup', 'cups'],
] as const;
const words: Record<number, string> = { 2: 'Two', 3: 'Three', 4: 'Four', 6: 'six', 8: 'eight', 10: 'ten' };

/** Somebody else, and another number of other pieces at another price that came broken. */
const generate: Generate = (_, random) => {
  const [sku, name, plain, plural] = random.pick(pieces);
  const [broken, all] = [random.pick([2, 3, 4]), random.pick([6, 8, 10])];
  const price = random.pick([6, 6.5, 7, 8, 8.5, 9]);
  const total = all * price + 34;
  return {
    words: {
      ...otherIds(random, ['T-27', 'C-217', 'O-2024', 'P-2024']),
      ...anotherPerson(random, {
        name: 'Wanda Okafor',
        email: 'wanda.okafor@example.com',
        postcode: 'DH1 4LN',
        address: '14 Gilesgate, Durham DH1 4LN',
      }),
      GLASS: sku,
      'Water glass': name,
      'water glass': plain,
      glasses: plural,
      'Three of the eight': `${words[broken]} of the ${words[all]}`,
      '"quantity": 8': `"quantity": ${all}`,
      '"price": 7.5': `"price": ${price.toFixed(1)}`,
      22.5: String(broken * price),
      '22.50': (broken * price).toFixed(2),
      60: String(all * price),
      '60.00': (all * price).toFixed(2),
      '94.0': total.toFixed(1),
    },
    covariates: {
      price: { value: price, within: 0.5 },
      broken: { value: broken, within: 1 },
      pieces: { value: all, within: 0.7 },
    },
  };
};
export default generate;
