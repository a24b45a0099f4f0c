import type { InstanceRandom } from 'proctor';

/** Somebody who writes to the shop. */
export interface Customer {
  first: string;
  last: string;
  name: string;
  email: string;
  street: string;
  town: string;
  postcode: string;
  address: string;
}

const firstNames = [
  'Elif',
  'Noor',
  'Jonas',
  'Priya',
  'Mateo',
  'Sinead',
  'Tariq',
  'Lotte',
  'Emeka',
  'Hana',
  'Rafael',
  'Ottilie',
];
const lastNames = [
  'Haugen',
  'Bakker',
  'Osei',
  'Kowalski',
  'Dubois',
  'Nakata',
  'Reilly',
  'Farouk',
  'Lindqvist',
  'Marino',
  'Sousa',
  'Whitlock',
];
const streets = [
  'Rosemount Place',
  'Harbour Row',
  'Tannery Lane',
  'Orchard Street',
  'Mill Crescent',
  'Chapel Walk',
  'Station Parade',
  'Castle Terrace',
];
const towns = [
  ['Aberdeen', 'AB25'],
  ['Norwich', 'NR3'],
  ['Swansea', 'SA1'],
  ['Derby', 'DE22'],
  ['Exeter', 'EX4'],
  ['Dundee', 'DD1'],
  ['Preston', 'PR1'],
  ['Lincoln', 'LN2'],
] as const;
const letters = [...'ABDEFGHJLNPQRSTUWXYZ'];

/** People whose names are all different, none of them a customer of every task. */
export function customers(random: InstanceRandom, count: number): Customer[] {
  const lasts = random.sample(lastNames, count);
  return random.sample(firstNames, count).map((first, index) => {
    const last = lasts[index] ?? '';
    const [town, area] = random.pick(towns);
    const postcode = `${area} ${random.int(1, 9)}${random.sample(letters, 2).join('')}`;
    const street = `${random.int(2, 98)} ${random.pick(streets)}`;
    const name = `${first} ${last}`;
    const email = `${first}.${last}@example.com`.toLowerCase();
    return { first, last, name, email, street, town, postcode, address: `${street}, ${town} ${postcode}` };
  });
}
