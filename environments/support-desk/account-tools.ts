import { defineTool, type HostTool } from 'proctor';
import { z } from 'zod';
import {
  cents,
  customerId,
  type Desk,
  daysSinceDelivery,
  isVerified,
  lookUp,
  orderId,
  orderOf,
  type Payment,
  record,
} from './desk.ts';

/** Tools that act on an account. They refuse what is impossible; keeping to the written policy is up to the agent. */
export function accountTools(desk: Desk): HostTool[] {
  return [
    defineTool({
      name: 'verify_identity',
      description:
        'Compares the e-mail address and the postcode that the customer gave with what is on file. Verified is true only if both match.',
      input: z.strictObject({ customer_id: customerId, email: z.string(), postcode: z.string() }),
      call: (args) => verify(desk, args.customer_id, args.email, args.postcode),
    }),
    defineTool({
      name: 'refund',
      description: 'Pays back an amount of an order to how it was paid. Cannot be undone.',
      input: z.strictObject({
        customer_id: customerId,
        order_id: orderId,
        payment_id: z
          .string()
          .optional()
          .describe('Such as P-1001; needed where an order has several payments.'),
        amount: z.number().positive().describe('Pounds, such as 14.5.'),
        reason: z.string(),
      }),
      call: (args) => refund(desk, args),
    }),
    defineTool({
      name: 'create_exchange',
      description:
        'Sends one piece of a product in exchange for one article of an order, and charges or pays back the difference in price at once. Cannot be undone.',
      input: z.strictObject({
        customer_id: customerId,
        order_id: orderId,
        item_id: z.string().describe('Article of the order, such as I-1.'),
        new_sku: z.string(),
      }),
      call: (args) => exchange(desk, args),
    }),
    defineTool({
      name: 'update_address',
      description: 'Changes the delivery address of one order, or of the account where no order is given.',
      input: z.strictObject({
        customer_id: customerId,
        order_id: orderId.optional(),
        address: z.string().min(8),
      }),
      call: (args) => updateAddress(desk, args),
    }),
  ];
}

function verify(desk: Desk, id: string, email: string, postcode: string) {
  const customer = lookUp(desk.customers, id, 'customer');
  const plain = (text: string) => text.replace(/\s/g, '').toLowerCase();
  if (plain(email) !== plain(customer.email) || plain(postcode) !== plain(customer.postcode)) {
    return { customer_id: id, verified: false };
  }
  record(desk, 'verifications', { customer_id: id });
  return { customer_id: id, verified: true };
}

interface RefundArguments {
  customer_id: string;
  order_id: string;
  payment_id?: string | undefined;
  amount: number;
  reason: string;
}

function refund(desk: Desk, args: RefundArguments) {
  const order = orderOf(desk, args.customer_id, args.order_id);
  const [paymentId, payment] = paymentOf(desk, args);
  const left = cents(payment.amount - payment.refunded);
  const amount = cents(args.amount);
  if (amount > left) throw new Error(`At most ${left.toFixed(2)} of ${args.order_id} can be refunded.`);
  payment.refunded = cents(payment.refunded + amount);
  const id = record(desk, 'refunds', {
    ...args,
    payment_id: paymentId,
    amount,
    days_since_delivery: daysSinceDelivery(desk, order),
    customer_verified: isVerified(desk, args.customer_id),
  });
  return { id, order_id: args.order_id, amount, to: payment.method };
}

function paymentOf(desk: Desk, { order_id, payment_id }: RefundArguments): [string, Payment] {
  const all = Object.entries(desk.payments).filter(([, payment]) => payment.order_id === order_id);
  const ids = all.map(([id]) => id).join(', ');
  if (payment_id === undefined && all.length > 1) throw new Error(`Name one payment of ${order_id}: ${ids}.`);
  const found = payment_id === undefined ? all[0] : all.find(([id]) => id === payment_id);
  if (!found) throw new Error(`${order_id} has no payment ${payment_id ?? 'at all'}.`);
  return found;
}

function exchange(
  desk: Desk,
  args: { customer_id: string; order_id: string; item_id: string; new_sku: string },
) {
  const order = orderOf(desk, args.customer_id, args.order_id);
  const item = lookUp(order.items, args.item_id, 'article');
  const product = lookUp(desk.products, args.new_sku, 'product');
  if (product.stock < 1) throw new Error(`${args.new_sku} is out of stock.`);
  product.stock -= 1;
  const difference = cents(product.price - item.price);
  const id = record(desk, 'exchanges', {
    ...args,
    price_difference: difference,
    days_since_delivery: daysSinceDelivery(desk, order),
    customer_verified: isVerified(desk, args.customer_id),
  });
  return { id, price_difference: difference };
}

function updateAddress(
  desk: Desk,
  args: { customer_id: string; order_id?: string | undefined; address: string },
) {
  if (args.order_id === undefined) {
    lookUp(desk.customers, args.customer_id, 'customer').address = args.address;
    return { customer_id: args.customer_id, address: args.address };
  }
  const order = orderOf(desk, args.customer_id, args.order_id);
  if (order.status !== 'processing') {
    throw new Error(`Order ${args.order_id} is ${order.status}; its address can no longer be changed.`);
  }
  order.address = args.address;
  return { order_id: args.order_id, address: args.address };
}
