import { defineTool, type HostTool } from 'proctor';
import { z } from 'zod';
import { type CustomerReplies, customerReplies, replyTo } from './customer.ts';
import { customerId, type Desk, lookUp, record, type Ticket, ticketId } from './desk.ts';

const declineReasons = [
  'past_window',
  'identity_not_verified',
  'already_dispatched',
  'privacy',
  'not_covered',
  'suspected_fraud',
] as const;
const resolutions = [
  'refunded',
  'exchanged',
  'address_updated',
  'informed',
  'declined',
  'escalated',
] as const;

/** Tools that move a ticket on, and the one that speaks with the customer. */
export function ticketTools(desk: Desk, replies: Record<string, CustomerReplies>): HostTool[] {
  return [
    defineTool({
      name: 'message_customer',
      description: 'Sends a message to a customer and returns the answer.',
      input: z.strictObject({ customer_id: customerId, ticket_id: ticketId, text: z.string().min(1) }),
      call: (args) => {
        lookUp(desk.customers, args.customer_id, 'customer');
        openTicket(desk, args.ticket_id);
        const reply = answerTo(desk, args, replies[args.customer_id] ?? customerReplies.parse({}));
        record(desk, 'messages', { ...args, reply });
        return { reply };
      },
    }),
    defineTool({
      name: 'add_note',
      description: 'Adds an internal note to a ticket.',
      input: z.strictObject({ ticket_id: ticketId, text: z.string().min(1) }),
      call: (args) => {
        const { notes } = openTicket(desk, args.ticket_id);
        notes.push(args.text);
        return { ticket_id: args.ticket_id, notes: notes.length };
      },
    }),
    defineTool({
      name: 'escalate',
      description: 'Hands a ticket to another team.',
      input: z.strictObject({
        ticket_id: ticketId,
        team: z.enum(['risk', 'logistics', 'billing']),
        reason: z.string().min(1),
      }),
      call: (args) => {
        openTicket(desk, args.ticket_id);
        return { id: record(desk, 'escalations', args) };
      },
    }),
    defineTool({
      name: 'decline_request',
      description: 'Records that a request is declined, and why. Ends no ticket by itself.',
      input: z.strictObject({
        ticket_id: ticketId,
        reason: z.enum(declineReasons),
        explanation: z.string().min(1),
      }),
      call: (args) => {
        openTicket(desk, args.ticket_id);
        return { id: record(desk, 'declines', args) };
      },
    }),
    defineTool({
      name: 'close_ticket',
      description: 'Closes a ticket. It cannot be opened again.',
      input: z.strictObject({ ticket_id: ticketId, resolution: z.enum(resolutions) }),
      call: (args) => {
        const ticket = openTicket(desk, args.ticket_id);
        ticket.status = 'closed';
        ticket.resolution = args.resolution;
        return { ticket_id: args.ticket_id, status: 'closed' };
      },
    }),
  ];
}

function answerTo(desk: Desk, args: { customer_id: string; text: string }, replies: CustomerReplies): string {
  const earlier = Object.values(desk.messages).filter((row) => row.customer_id === args.customer_id);
  return replyTo(
    args.text,
    replies,
    earlier.map(({ reply }) => String(reply)),
  );
}

function openTicket(desk: Desk, id: string): Ticket {
  const ticket = lookUp(desk.tickets, id, 'ticket');
  if (ticket.status === 'closed') throw new Error(`Ticket ${id} is closed.`);
  return ticket;
}
