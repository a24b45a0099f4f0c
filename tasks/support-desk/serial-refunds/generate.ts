import type { Generate } from 'proctor';
import { customers } from '../_generate/customer.ts';
import { otherIds } from '../_generate/id.ts';
import { personWords } from '../_generate/person.ts';
import { amountWords } from '../_generate/product.ts';

const things = [
  ['HEADPHONES', 'Headphones', 'headphones'],
  ['BINOCULARS', 'Binoculars', 'binoculars'],
  ['SCALES', 'Kitchen scales', 'kitchen scales'],
  ['WALKIETALKIES', 'Walkie-talkies', 'walkie-talkies'],
] as const;

/** Somebody else whose parcels never come although they are signed for, with other prices. */
const generate: Generate = (_, random) => {
  const [customer] = customers(random, 1);
  if (!customer) throw new Error('there are customers');
  const [sku, name, noun] = random.pick(things);
  const [speaker, watch, teapot, last] = [
    random.int(55, 80),
    random.int(105, 130),
    random.int(31, 45),
    random.int(135, 165),
  ];
  return {
    words: {
      ...otherIds(
        random,
        ['T-21', 'C-211', 'NP305001', 'NP307113', 'NP309240', 'NP311377'].concat(
          ['O', 'P', 'S'].flatMap((kind) => [2012, 2013, 2014, 2015].map((number) => `${kind}-${number}`)),
        ),
      ),
      ...personWords(
        {
          name: 'Jonah Whitlock',
          email: 'jonah.whitlock@example.net',
          postcode: 'EX4 6TB',
          address: '5 Victoria Terrace, Exeter EX4 6TB',
        },
        customer,
      ),
      'J. Whitlock': `${customer.first[0]}. ${customer.last}`,
      HEADPHONES: sku,
      Headphones: name,
      headphones: noun,
      '69.0': speaker.toFixed(1),
      '118.0': watch.toFixed(1),
      '39.0': teapot.toFixed(1),
      ...amountWords(149, last),
    },
    covariates: { price: { value: last, within: 0.3 }, orders: 4 },
  };
};
export default generate;
