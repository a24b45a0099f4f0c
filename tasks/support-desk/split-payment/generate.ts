import type { Generate } from 'proctor';
import { otherIds } from '../_generate/id.ts';
import { anotherPerson } from '../_generate/person.ts';
import { amountWords } from '../_generate/product.ts';

const pans = [
  ['PAN-CI', 'Cast-iron pan', 'cast-iron pan', 'pan', 'Pan'],
  ['POT-CI', 'Cast-iron pot', 'cast-iron pot', 'pot', 'Pot'],
  ['WOK-CI', 'Cast-iron wok', 'cast-iron wok', 'wok', 'Wok'],
] as const;

/** Somebody else and other amounts, in the published proportions: two thirds were paid by card, and the shares come out even. */
const generate: Generate = (_, random) => {
  const part = 3 * random.pick([6, 7, 9, 10, 11]);
  const [kettle, pan] = [2 * part, 3 * part];
  const [card, giftCard] = [(5 * part * 2) / 3, (5 * part) / 3];
  const [sku, name, long, noun, capital] = random.pick(pans);
  return {
    words: {
      ...otherIds(random, ['T-13', 'C-202', 'O-2002', 'P-2002', 'P-2003']),
      ...anotherPerson(random, {
        name: 'Bram Oyelaran',
        email: 'bram.oyelaran@example.org',
        postcode: 'S10 2HQ',
        address: '44 Crookes Road, Sheffield S10 2HQ',
      }),
      'PAN-CI': sku,
      'Cast-iron pan': name,
      'cast-iron pan': long,
      pan: noun,
      Pan: capital,
      ...amountWords(48, kettle),
      ...amountWords(24, kettle / 2),
      ...amountWords(72, pan),
      '80.0': card.toFixed(1),
      '40.0': giftCard.toFixed(1),
      '80 to 40': `${card} to ${giftCard}`,
      '120.0': (5 * part).toFixed(1),
    },
    covariates: { price: { value: pan, within: 0.8 } },
  };
};
export default generate;
