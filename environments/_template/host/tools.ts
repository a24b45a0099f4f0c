import { defineTool, type HostModule } from 'proctor';
import { z } from 'zod';

const seed = z.strictObject({ stock: z.record(z.string(), z.int()) });

/** The stock room: what is there comes from `seed.json`, a task's laid over the environment's. */
const stockRoom: HostModule = ({ data }) => {
  const { stock } = seed.parse(data);
  const taken: { item: string; quantity: number; order: string }[] = [];
  return {
    tools: [
      defineTool({
        name: 'list_items',
        description: 'Lists the items and how many there are.',
        input: z.strictObject({}),
        annotations: { readOnlyHint: true },
        call: () => stock,
      }),
      defineTool({
        name: 'take_item',
        description: 'Takes some of an item out of the stock for an order.',
        input: z.strictObject({ item: z.string(), quantity: z.int().positive(), order: z.string() }),
        call: ({ item, quantity, order }) => {
          const there = stock[item];
          if (there === undefined) throw new Error(`There is no item "${item}".`);
          if (quantity > there) throw new Error(`There are only ${there} of "${item}".`);
          stock[item] = there - quantity;
          taken.push({ item, quantity, order });
          return { item, left: stock[item] };
        },
      }),
    ],
    state: () => structuredClone({ stock, taken }),
  };
};
export default stockRoom;
