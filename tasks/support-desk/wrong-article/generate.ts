import type { Generate } from 'proctor';
import { otherIds } from '../_generate/id.ts';
import { anotherPerson } from '../_generate/person.ts';
import { amountWords } from '../_generate/product.ts';

const colours = ['grey', 'red', 'blue', 'green', 'black', 'white', 'brown'];
const things = [
  ['BLANKET', 'Wool blanket', 'blanket'],
  ['CURTAIN', 'Wool curtain', 'curtain'],
  ['PONCHO', 'Wool poncho', 'poncho'],
  ['RUNNER', 'Wool runner', 'runner'],
] as const;

/** Somebody else wanted another thing in another colour, and got a third. */
const generate: Generate = (_, random) => {
  const [wanted, sent] = random.sample(colours, 2) as [string, string];
  const [sku, name, noun] = random.pick(things);
  const price = random.int(49, 69);
  return {
    words: {
      ...otherIds(random, ['T-15', 'C-204', 'O-2005', 'P-2005']),
      ...anotherPerson(random, {
        name: 'Dario Mbeki',
        email: 'dario.mbeki@example.net',
        postcode: 'GL1 2TZ',
        address: '15 Brook Street, Gloucester GL1 2TZ',
      }),
      'BLANKET-GREY': `${sku}-${wanted.toUpperCase()}`,
      'BLANKET-RED': `${sku}-${sent.toUpperCase()}`,
      'Wool blanket, grey': `${name}, ${wanted}`,
      'Wool blanket, red': `${name}, ${sent}`,
      blanket: noun,
      grey: wanted,
      red: sent,
      ...amountWords(58, price),
      '102.0': (price + 44).toFixed(1),
    },
    covariates: { price: { value: price, within: 0.4 } },
  };
};
export default generate;
