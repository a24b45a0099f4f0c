import { z } from 'zod';
import type { HostTool } from '../../src/tool/host-server.ts';
import { type Desk, daysSinceDelivery, lookUp } from './desk.ts';
import { customerId, orderId, readTool, ticketId } from './tool.ts';

/** Tools that only read. None shows what a customer has to know to be verified. */
export function lookUpTools(desk: Desk): HostTool[] {
  return [
    readTool('list_tickets', 'Lists the open tickets with their subjects.', {}, () =>
      Object.entries(desk.tickets)
        .filter(([, ticket]) => ticket.status === 'open')
        .map(([id, ticket]) => ({ id, from: ticket.from.name, subject: ticket.subject })),
    ),
    readTool('get_ticket', 'Shows a ticket and its notes.', { ticket_id: ticketId }, (args) => ({
      id: args.ticket_id,
      ...lookUp(desk.tickets, args.ticket_id, 'ticket'),
      today: desk.today,
    })),
    readTool(
      'find_customer',
      'Finds customers by a part of their name, or by their whole e-mail address.',
      { query: z.string().min(2) },
      ({ query }) => findCustomers(desk, query.toLowerCase()),
    ),
    readTool('list_orders', 'Lists the orders of a customer.', { customer_id: customerId }, (args) => {
      lookUp(desk.customers, args.customer_id, 'customer');
      return Object.entries(desk.orders)
        .filter(([, order]) => order.customer_id === args.customer_id)
        .map(([id, { placed_on, status, total }]) => ({ id, placed_on, status, total }));
    }),
    readTool(
      'get_order',
      'Shows an order with its articles, payment, shipment and the days since its delivery.',
      { order_id: orderId },
      (args) => showOrder(desk, args.order_id),
    ),
    readTool(
      'find_product',
      'Finds products by a part of their name, with price and stock.',
      { query: z.string().min(2) },
      ({ query }) =>
        Object.entries(desk.products)
          .filter(([, product]) => product.name.toLowerCase().includes(query.toLowerCase()))
          .map(([sku, product]) => ({ sku, ...product })),
    ),
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
