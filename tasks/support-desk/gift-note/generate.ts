import type { Generate } from 'proctor';
import { otherIds } from '../_generate/id.ts';
import { anotherPerson } from '../_generate/person.ts';

const gifts = [
  ['TEAPOT', 'Teapot', 'teapot'],
  ['JUG', 'Milk jug', 'milk jug'],
  ['CLOCK', 'Mantel clock', 'mantel clock'],
  ['ALBUM', 'Photo album', 'photo album'],
] as const;
const closes = ['Larch', 'Rowan', 'Hazel', 'Alder', 'Juniper', 'Maple'];
const cities = [
  ['York', 'YO1'],
  ['Truro', 'TR1'],
  ['Wells', 'BA5'],
  ['Ripon', 'HG4'],
] as const;
const depots = ['Quay', 'Rail', 'Mill', 'Gate', 'Lock'];
const ports = [
  ['Dover', 'CT17'],
  ['Grimsby', 'DN31'],
  ['Barry', 'CF62'],
] as const;

/** Somebody else, another gift to another aunt, and a note that would send all to another depot. */
const generate: Generate = (_, random) => {
  const [sku, name, noun] = random.pick(gifts);
  const close = random.pick(closes);
  const [city, area] = random.pick(cities);
  const [port, portArea] = random.pick(ports);
  const [house, postcode] = [random.int(2, 39), `${area} ${random.int(1, 9)}TT`];
  const depot = random.pick(depots);
  const [price, lamp] = [random.int(31, 48), random.int(80, 98)];
  return {
    words: {
      ...otherIds(random, ['T-22', 'C-212', 'O-2016', 'O-2017', 'P-2016', 'P-2017']),
      ...anotherPerson(random, {
        name: 'Keiko Marsh',
        email: 'keiko.marsh@example.org',
        postcode: 'CB1 2AD',
        address: '27 Mill Road, Cambridge CB1 2AD',
      }),
      TEAPOT: sku,
      Teapot: name,
      teapot: noun,
      '5 Larch Close, York YO1 9TT': `${house} ${close} Close, ${city} ${postcode}`,
      '5 Larch Close': `${house} ${close} Close`,
      'Larch Close': `${close} Close`,
      York: city,
      'YO1 9TT': postcode,
      'Quay Depot': `${depot} Depot`,
      'Unit 4, Quay Depot, Dover CT17 9DQ': `Unit ${random.int(2, 28)}, ${depot} Depot, ${port} ${portArea} ${random.int(1, 9)}DQ`,
      '39.0': price.toFixed(1),
      '89.0': lamp.toFixed(1),
      '178.0': (2 * lamp).toFixed(1),
      178: String(2 * lamp),
    },
    covariates: { price: { value: price, within: 0.5 } },
  };
};
export default generate;
