import { z } from 'zod';
import { customerReplies } from './customer.ts';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const byId = <T extends z.ZodType>(row: T) => z.record(z.string(), row);

const item = z.strictObject({ sku: z.string(), name: z.string(), price: z.number(), quantity: z.int() });
const order = z.strictObject({
  customer_id: z.string(),
  placed_on: date,
  status: z.enum(['processing', 'shipped', 'delivered', 'cancelled']),
  delivered_on: date.nullable(),
  address: z.string(),
  items: byId(item),
  total: z.number(),
  /** What the buyer wrote with the order. */
  note: z.string().nullable().default(null),
});
const payment = z.strictObject({
  order_id: z.string(),
  method: z.string(),
  amount: z.number(),
  refunded: z.number(),
  refund_reason: z.string().nullable().default(null),
});
const ticket = z.strictObject({
  from: z.strictObject({ name: z.string(), email: z.string() }),
  subject: z.string(),
  body: z.string(),
  status: z.enum(['open', 'closed']).default('open'),
  resolution: z.string().nullable().default(null),
  notes: z.array(z.string()).default([]),
});

/** `seed.json`: the shop as a trial finds it. */
export const deskSeed = z.strictObject({
  today: date,
  customers: byId(
    z.strictObject({ name: z.string(), email: z.string(), postcode: z.string(), address: z.string() }),
  ),
  orders: byId(order),
  payments: byId(payment),
  shipments: byId(
    z.strictObject({ order_id: z.string(), carrier: z.string(), tracking: z.string(), status: z.string() }),
  ),
  products: byId(z.strictObject({ name: z.string(), price: z.number(), stock: z.int() })),
  tickets: byId(ticket),
  customer_replies: byId(customerReplies).default({}),
});
export type Order = z.infer<typeof order>;
export type Payment = z.infer<typeof payment>;
export type Ticket = z.infer<typeof ticket>;

export const customerId = z.string().describe('Such as C-101.');
export const orderId = z.string().describe('Such as O-1001.');
export const ticketId = z.string().describe('Such as T-1.');

type Row = Record<string, string | number | boolean | null>;

const journals = ['verifications', 'messages', 'refunds', 'exchanges', 'escalations', 'declines'] as const;
type Journal = (typeof journals)[number];

/** The shop's data, and what was done in it; the state of the environment. */
export type Desk = Omit<z.infer<typeof deskSeed>, 'customer_replies'> & Record<Journal, Record<string, Row>>;

/** Adds a row to a journal and returns its id, such as `R-1`. Its `seq` counts over all journals, from 1. */
export function record(desk: Desk, journal: Journal, row: Row): string {
  const prefix = journal === 'escalations' ? 'ESC' : journal.charAt(0).toUpperCase();
  const id = `${prefix}-${Object.keys(desk[journal]).length + 1}`;
  const seq = journals.reduce((rows, name) => rows + Object.keys(desk[name]).length, 1);
  desk[journal][id] = { ...row, seq };
  return id;
}

/** A row by its id. Throws what the agent is told where there is none. */
export function lookUp<T>(rows: Record<string, T>, id: string, noun: string): T {
  const row = rows[id];
  if (row === undefined) throw new Error(`There is no ${noun} ${id}.`);
  return row;
}

/** An order of this customer. */
export function orderOf(desk: Desk, customerId: string, orderId: string): Order {
  lookUp(desk.customers, customerId, 'customer');
  const order = lookUp(desk.orders, orderId, 'order');
  if (order.customer_id !== customerId) throw new Error(`Order ${orderId} does not belong to ${customerId}.`);
  return order;
}

/** Days from delivery to today; null where it has not been delivered. */
export function daysSinceDelivery(desk: Desk, order: Order): number | null {
  if (order.delivered_on === null) return null;
  return Math.round((Date.parse(desk.today) - Date.parse(order.delivered_on)) / 86_400_000);
}

export function isVerified(desk: Desk, customerId: string): boolean {
  return Object.values(desk.verifications).some((row) => row.customer_id === customerId);
}

/** Money is kept in whole cents. */
export const cents = (amount: number): number => Math.round(amount * 100) / 100;
