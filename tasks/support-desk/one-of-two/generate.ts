import type { Generate } from 'proctor';
import { otherIds } from '../_generate/id.ts';
import { anotherPerson } from '../_generate/person.ts';
import { amountWords } from '../_generate/product.ts';

const pieces = [
  ['CANDLEHOLDER', 'Candle holder', 'candle holder'],
  ['EGGCUP', 'Egg cup', 'egg cup'],
  ['BOOKEND', 'Book end', 'book end'],
  ['PLANTSTAND', 'Plant stand', 'plant stand'],
] as const;

/** Somebody else bought something else twice, at another price, the first time on another day past the window. */
const generate: Generate = (_, random) => {
  const [sku, name, noun] = random.pick(pieces);
  const price = random.int(23, 34);
  const late = random.int(41, 48);
  const delivered = new Date(Date.UTC(2026, 2, 16 - late));
  const placed = new Date(delivered.getTime() - 5 * 86_400_000);
  const day = (date: Date) => date.toISOString().slice(0, 10);
  return {
    words: {
      ...otherIds(random, ['T-24', 'C-214', 'O-2018', 'O-2019', 'P-2018', 'P-2019']),
      ...anotherPerson(random, {
        name: 'Mirela Dunne',
        email: 'mirela.dunne@example.net',
        postcode: 'HR4 9DG',
        address: '19 Bridge Street, Hereford HR4 9DG',
      }),
      CANDLEHOLDER: sku,
      'Candle holder': name,
      'candle holder': noun,
      'candle holders': `${noun}s`,
      ...amountWords(28, price),
      '37.0': (price + 9).toFixed(1),
      45: String(late),
      '2026-01-30': day(delivered),
      '2026-01-25': day(placed),
    },
    covariates: { price: { value: price, within: 0.5 }, late: { value: late, within: 0.2 } },
  };
};
export default generate;
