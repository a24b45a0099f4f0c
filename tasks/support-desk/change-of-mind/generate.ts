import type { Generate } from 'proctor';
import { otherIds } from '../_generate/id.ts';
import { anotherPerson } from '../_generate/person.ts';

const metals = ['brass', 'steel', 'copper', 'chrome', 'bronze', 'nickel'];

/** Somebody else, and a lamp of another metal, at another price. */
const generate: Generate = (_, random) => {
  const [metal, other] = random.sample(metals, 2) as [string, string];
  const price = random.int(45, 66);
  return {
    words: {
      ...otherIds(random, ['T-19', 'C-209', 'O-2010', 'P-2010']),
      ...anotherPerson(random, {
        name: 'Hana Petrovic',
        email: 'hana.petrovic@example.com',
        postcode: 'LE2 3FB',
        address: '60 Clarendon Park Road, Leicester LE2 3FB',
      }),
      brass: metal,
      steel: other,
      'LAMP-BRASS': `LAMP-${metal.toUpperCase()}`,
      'LAMP-STEEL': `LAMP-${other.toUpperCase()}`,
      '£52': `£${price}`,
      '52.0': price.toFixed(1),
      '52.00': price.toFixed(2),
      '49.0': (price - random.int(2, 6)).toFixed(1),
      '64.0': (price + 12).toFixed(1),
    },
    covariates: { price: { value: price, within: 0.5 } },
  };
};
export default generate;
