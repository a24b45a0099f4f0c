import type { InstanceRandom } from 'proctor';
import { type Customer, customers } from './customer.ts';

/** Somebody of the published task, with what of the name stands alone in its files. */
export interface Published {
  name: string;
  /** Both when absent. */
  alone?: readonly ('first' | 'last')[];
  email: string;
  postcode?: string;
  /** With the postcode. */
  address?: string;
}

/** Words that make somebody of the published task somebody else, at the same mail provider. */
export function personWords(published: Published, now: Customer): Record<string, string> {
  const [first = '', ...rest] = published.name.split(' ');
  const { alone = ['first', 'last'], email, postcode, address } = published;
  return {
    [published.name]: now.name,
    [email]: `${now.email.split('@')[0]}@${email.split('@')[1]}`,
    ...(alone.includes('first') && { [first]: now.first }),
    ...(alone.includes('last') && { [rest.join(' ')]: now.last }),
    ...(postcode !== undefined && { [postcode]: now.postcode }),
    ...(address !== undefined && { [address]: now.address }),
  };
}

/** The same for somebody who is drawn. */
export function anotherPerson(random: InstanceRandom, published: Published): Record<string, string> {
  const [now] = customers(random, 1);
  if (!now) throw new Error('nobody was drawn');
  return personWords(published, now);
}
