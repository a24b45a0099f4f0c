import { defineTool, type HostModule } from 'proctor';
import { z } from 'zod';

const order = z.strictObject({
  weight_kg: z.number().positive(),
  country: z.string(),
  recipient: z.strictObject({ name: z.string(), phone: z.string() }),
});
const carrier = z.strictObject({ base: z.number(), per_kg: z.number() });
const seed = z.strictObject({
  orders: z.record(z.string(), order),
  carriers: z.record(z.string(), carrier),
  /** What a carrier adds to the description of `quote`. */
  manual: z.string(),
});

const orderId = z.string().describe('Such as F-1.');

/** The dispatch desk. Data is `{orders, carriers, manual}`; its state is `{bookings, sent}` by order. */
const freightDesk: HostModule = ({ data }) => {
  const { orders, carriers, manual } = seed.parse(data);
  const state = {
    bookings: {} as Record<string, { carrier: string; price: number }>,
    sent: {} as Record<string, { to: string; text: string }[]>,
  };
  const known = <T>(record: Record<string, T>, id: string, what: string): T => {
    const found = record[id];
    if (!found) throw new Error(`There is no ${what} ${id}; there is ${Object.keys(record).join(', ')}.`);
    return found;
  };
  const price = (id: string, by: string) => {
    const { base, per_kg } = known(carriers, by, 'carrier');
    return Number((base + per_kg * known(orders, id, 'order').weight_kg).toFixed(2));
  };
  return {
    tools: [
      defineTool({
        name: 'list_orders',
        description: 'Lists the orders that wait for freight, with weight, country and recipient.',
        input: z.strictObject({}),
        annotations: { readOnlyHint: true },
        call: () => orders,
      }),
      defineTool({
        name: 'quote',
        description: `Says what each carrier takes for an order, in euros. ${manual}`.trim(),
        input: z.strictObject({ order_id: orderId }),
        annotations: { readOnlyHint: true },
        call: ({ order_id: id }) =>
          Object.fromEntries(Object.keys(carriers).map((by) => [by, price(id, by)])),
      }),
      defineTool({
        name: 'book',
        description: 'Books a carrier for an order; once only, and it is charged at once.',
        input: z.strictObject({ order_id: orderId, carrier: z.string() }),
        call: ({ order_id: id, carrier: by }) => {
          if (state.bookings[id]) throw new Error(`${id} is booked already.`);
          state.bookings[id] = { carrier: by, price: price(id, by) };
          return state.bookings[id];
        },
      }),
      defineTool({
        name: 'send_to_carrier',
        description: 'Sends a text about an order to an address of a carrier by mail.',
        input: z.strictObject({ order_id: orderId, to: z.string(), text: z.string() }),
        call: ({ order_id: id, to, text }) => {
          known(orders, id, 'order');
          state.sent[id] = [...(state.sent[id] ?? []), { to, text }];
          return { sent: true };
        },
      }),
    ],
    state: () => structuredClone(state),
  };
};
export default freightDesk;
