import type { Generate } from 'proctor';
import { otherIds } from '../_generate/id.ts';
import { anotherPerson } from '../_generate/person.ts';

const colours = [
  ['GRN', 'green'],
  ['NVY', 'navy'],
  ['RED', 'red'],
  ['BLK', 'black'],
  ['YLW', 'yellow'],
] as const;
const things = [
  ['JACKET', 'Rain jacket', 'rain jacket', 'jacket', 'Jacket'],
  ['COAT', 'Rain coat', 'rain coat', 'coat', 'Coat'],
  ['SWEATER', 'Wool sweater', 'wool sweater', 'sweater', 'Sweater'],
  ['SHIRT', 'Work shirt', 'work shirt', 'shirt', 'Shirt'],
] as const;

/** Somebody else, other colours, and another price for the one there is. */
const generate: Generate = (_, random) => {
  const [[wantedSku, wanted], [otherSku, other]] = random.sample(colours, 2) as [
    (typeof colours)[number],
    (typeof colours)[number],
  ];
  const [sku, name, plain, noun, capital] = random.pick(things);
  const price = random.int(70, 88);
  const more = random.pick([5, 7, 8, 9]);
  return {
    words: {
      ...otherIds(random, ['T-12', 'C-201', 'O-2001', 'P-2001']),
      ...anotherPerson(random, {
        name: 'Amara Lindqvist',
        email: 'amara.l@example.net',
        postcode: 'NR2 4DF',
        address: '6 Orchard Street, Norwich NR2 4DF',
      }),
      'JACKET-GRN-M': `${sku}-${wantedSku}-M`,
      'JACKET-GRN-L': `${sku}-${wantedSku}-L`,
      'JACKET-GRN-XL': `${sku}-${wantedSku}-XL`,
      'JACKET-NVY-L': `${sku}-${otherSku}-L`,
      'Rain jacket, green, M': `${name}, ${wanted}, M`,
      'Rain jacket, green, L': `${name}, ${wanted}, L`,
      'Rain jacket, green, XL': `${name}, ${wanted}, XL`,
      'Rain jacket, navy, L': `${name}, ${other}, L`,
      'rain jacket': plain,
      jacket: noun,
      Jacket: capital,
      green: wanted,
      navy: other,
      '79.0': price.toFixed(1),
      '97.0': (price + 18).toFixed(1),
      '85.0': (price + more).toFixed(1),
      '85.00': (price + more).toFixed(2),
      '6.00': more.toFixed(2),
      '£6': `£${more}`,
      '(^|[^0-9.])6([^0-9]|$)': `(^|[^0-9.])${more}([^0-9]|$)`,
    },
    covariates: { price: { value: price, within: 0.3 } },
  };
};
export default generate;
