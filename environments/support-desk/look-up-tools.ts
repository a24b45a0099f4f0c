import { defineTool, type HostTool } from 'proctor';
import { z } from 'zod';
import { customerId, type Desk, daysSinceDelivery, lookUp, orderId, ticketId } from './desk.ts';

/** Tools that only read. None shows what a customer has to know to be verified. */
export function lookUpTools(desk: Desk): HostTool[] {
  return [
    defineTool({
      name: 'list_tickets',
      description: 'Lists the open tickets with their subjects.',
      input: z.strictObject({}),
      annotations: { readOnlyHint: true },
      call: () =>
        Object.entries(desk.tickets)
          .filter(([, ticket]) => ticket.status === 'open')
          .map(([id, ticket]) => ({ id, from: ticket.from.name, subject: ticket.subject })),
    }),
    defineTool({
      name: 'get_ticket',
      description: 'Shows a ticket and its notes.',
      input: z.strictObject({ ticket_id: ticketId }),
      annotations: { readOnlyHint: true },
      call: (args) => ({
        id: args.ticket_id,
        ...lookUp(desk.tickets, args.ticket_id, 'ticket'),
        today: desk.today,
      }),
    }),
    defineTool({
      name: 'find_customer',
      description: 'Finds customers by a part of their name, or by their whole e-mail address.',
      input: z.strictObject({ query: z.string().min(2) }),
      annotations: { readOnlyHint: true },
      call: ({ query }) => findCustomers(desk, query.toLowerCase()),
    }),
    defineTool({
      name: 'list_orders',
      description: 'Lists the orders of a customer.',
      input: z.strictObject({ customer_id: customerId }),
      annotations: { readOnlyHint: true },
      call: (args) => {
        lookUp(desk.customers, args.customer_id, 'customer');
        return Object.entries(desk.orders)
          .filter(([, order]) => order.customer_id === args.customer_id)
          .map(([id, { placed_on, status, total }]) => ({ id, placed_on, status, total }));
      },
    }),
    defineTool({
      name: 'get_order',
      description: 'Shows an order with its articles, payment, shipment and the days since its delivery.',
      input: z.strictObject({ order_id: orderId }),
      annotations: { readOnlyHint: true },
      call: (args) => showOrder(desk, args.order_id),
    }),
    defineTool({
      name: 'find_product',
      description: 'Finds products by a part of their name, with price and stock.',
      input: z.strictObject({ query: z.string().min(2) }),
      annotations: { readOnlyHint: true },
      call: ({ query }) =>
        Object.entries(desk.products)
          .filter(([, product]) => product.name.toLowerCase().includes(query.toLowerCase()))
          .map(([sku, product]) => ({ sku, ...product })),
    }),
  ];
}

function findCustomers(desk: Desk, query: string) {
  return Object.entries(desk.customers)
    .filter(([, { name, email }]) => name.toLowerCase().includes(query) || email.toLowerCase() === query)
    .map(([id, { name, email }]) => ({ customer_id: id, name, email: email.replace(/^(.).*@/, '$1***@') }));
}

function showOrder(desk: Desk, id: string) {
  const order = lookUp(desk.orders, id, 'order');
  const ofOrder = <T extends { order_id: string }>(rows: Record<string, T>) =>
    Object.entries(rows)
      .filter(([, row]) => row.order_id === id)
      .map(([rowId, row]) => ({ id: rowId, ...row }));
  return {
    id,
    ...order,
    days_since_delivery: daysSinceDelivery(desk, order),
    payments: ofOrder(desk.payments),
    shipments: ofOrder(desk.shipments),
  };
}
