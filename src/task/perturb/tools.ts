import type { Strength } from '../../schema/instance.ts';
import type { InstanceRandom } from '../random.ts';

/** A list in another order: two neighbours change places, the halves do, or it is shuffled. */
export function reordered<T>(list: readonly T[], strength: Strength, random: InstanceRandom): T[] {
  if (strength === 3) return random.shuffle(list);
  if (strength === 2)
    return [...list.slice(Math.ceil(list.length / 2)), ...list.slice(0, Math.ceil(list.length / 2))];
  const [at, order] = [random.int(0, Math.max(0, list.length - 2)), [...list]];
  order.splice(at, 2, ...order.slice(at, at + 2).reverse());
  return order;
}
