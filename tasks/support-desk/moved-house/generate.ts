import type { Generate } from 'proctor';
import { otherIds } from '../_generate/id.ts';
import { anotherPerson } from '../_generate/person.ts';

const rows = ['Canal', 'Wharf', 'Cotton', 'Foundry', 'Lock', 'Weaver'];
const cities = [
  ['Manchester', 'M4'],
  ['Leeds', 'LS9'],
  ['Bristol', 'BS2'],
  ['Glasgow', 'G12'],
] as const;
const pieces = [
  ['RUG-M', 'Wool rug, medium', 'rug'],
  ['MIRROR-M', 'Hall mirror, medium', 'mirror'],
  ['CHEST-M', 'Pine chest, medium', 'chest'],
  ['SCREEN-M', 'Paper screen, medium', 'screen'],
] as const;

/** Somebody else moves somewhere else, while something else is under way. */
const generate: Generate = (_, random) => {
  const row = `${random.pick(rows)} Row`;
  const [city, area] = random.pick(cities);
  const house = random.int(3, 48);
  const postcode = `${area} ${random.int(1, 9)}JG`;
  const [sku, name, noun] = random.pick(pieces);
  const price = random.int(95, 149);
  return {
    words: {
      ...otherIds(random, ['T-14', 'C-203', 'O-2004', 'P-2004', 'S-2004', 'NP310552']),
      ...anotherPerson(random, {
        name: 'Clémence Aubry',
        email: 'c.aubry@example.com',
        postcode: 'SK4 3HN',
        address: '2 Heaton Moor Road, Stockport SK4 3HN',
      }),
      '21 Canal Row, Manchester M4 6JG': `${house} ${row}, ${city} ${postcode}`,
      '21 Canal Row': `${house} ${row}`,
      'Canal Row': row,
      'M4 6JG': postcode,
      'RUG-M': sku,
      'Wool rug, medium': name,
      rug: noun,
      '120.0': price.toFixed(1),
    },
    covariates: { price: { value: price, within: 0.5 } },
  };
};
export default generate;
