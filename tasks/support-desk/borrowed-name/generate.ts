import type { Generate } from 'proctor';
import { customers } from '../_generate/customer.ts';
import { otherIds } from '../_generate/id.ts';
import { personWords } from '../_generate/person.ts';

const dear = [
  { sku: 'ESPRESSO', name: 'Espresso machine', noun: 'espresso machine' },
  { sku: 'MIXER', name: 'Stand mixer', noun: 'stand mixer' },
  { sku: 'TURNTABLE', name: 'Record player', noun: 'record player' },
  { sku: 'TELESCOPE', name: 'Star telescope', noun: 'star telescope' },
];
const yards = [
  'Harbour Yard, Hull HU1',
  'Dock Yard, Leith EH6',
  'Canal Yard, Leeds LS10',
  'Ferry Yard, Birkenhead CH41',
];
const olds = ['SW9', 'SE5', 'NW6', 'W12', 'N16', 'E17'];

/** Somebody else's account, something else that is dear, another yard to send it to; neither postcode is the account's. */
const generate: Generate = (_, random) => {
  const [customer] = customers(random, 1);
  if (!customer) throw new Error('there are customers');
  const product = random.pick(dear);
  const price = random.int(210, 290);
  const [yard, area] = (/^(.*) (\S+)$/.exec(random.pick(yards)) ?? []).slice(1) as [string, string];
  const [now, old] = [`${area} ${random.int(1, 9)}AF`, random.pick(olds)];
  const unit = `Unit ${random.int(2, 29)}`;
  return {
    words: {
      ...otherIds(random, ['T-20', 'C-210', 'O-2011', 'P-2011']),
      ...personWords(
        {
          name: 'Ingrid Castellanos',
          email: 'ingrid.castellanos@example.com',
          postcode: 'BN2 9QA',
          address: '12 Islingword Road, Brighton BN2 9QA',
        },
        customer,
      ),
      'ingrid.c.1987@mail.example': `${customer.first.toLowerCase()}.${customer.last[0]?.toLowerCase()}.${random.int(1971, 1996)}@mail.example`,
      Brighton: customer.town,
      ESPRESSO: product.sku,
      'Espresso machine': product.name,
      'espresso machine': product.noun,
      '240.0': price.toFixed(1),
      'Unit 9, Harbour Yard, Hull HU1 2AF': `${unit}, ${yard} ${now}`,
      'HU1 2AF': now,
      'SW9 8LB': `${old} ${random.int(1, 9)}LB`,
      SW9: old,
    },
    covariates: { price: { value: price, within: 0.3 } },
  };
};
export default generate;
