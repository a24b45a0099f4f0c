import type { Generate } from 'proctor';
import { customers } from '../_generate/customer.ts';
import { personWords } from '../_generate/person.ts';
import { amountWords, pickProducts } from '../_generate/product.ts';

/** Somebody else, something else, another price; and of the three payments another pair belongs together. */
const generate: Generate = (_, random) => {
  const [customer] = customers(random, 1);
  const [product] = pickProducts(random, 1);
  if (!customer || !product) throw new Error('there are customers and products');
  const price = random.int(24, 89);
  const order = random.int(2100, 8900);
  const payment = random.int(2100, 8900);
  const id = random.int(210, 890);
  const relative = random.pick(['mother', 'sister', 'father', 'aunt', 'brother', 'uncle']);
  return {
    words: {
      'T-16': `T-${random.int(20, 89)}`,
      'C-205': `C-${id}`,
      ...personWords(
        {
          name: 'Elif Haugen',
          email: 'elif.haugen@example.com',
          postcode: 'AB25 1UG',
          address: '77 Rosemount Place, Aberdeen AB25 1UG',
        },
        customer,
      ),
      'O-2006': `O-${order}`,
      'O-2007': `O-${order + random.int(1, 60)}`,
      'P-2006': `P-${payment}`,
      'P-2007': `P-${payment + 1}`,
      'P-2008': `P-${payment + 2}`,
      TRAY: product.sku,
      'Oak tray': product.name,
      tray: product.noun,
      trays: `${product.noun}s`.replace('shelfs', 'shelves'),
      mother: relative,
      '2026-03-13': `2026-03-${random.int(10, 12)}`,
      '2026-03-15': `2026-03-${random.int(13, 15)}`,
      ...amountWords(46, price),
    },
    covariates: { price: { value: price, within: 0.9 }, payments: 3 },
  };
};
export default generate;
