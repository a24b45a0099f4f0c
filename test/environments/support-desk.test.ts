import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/schema/json.ts';
import { loadModule } from '../../src/tool/host/load-module.ts';
import type { HostServer } from '../../src/tool/host-server.ts';

const supportDesk = await loadModule(resolve('environments/support-desk/tools.ts'));

const seed = JSON.parse(readFileSync('environments/support-desk/seed.json', 'utf8'));
const replies = {
  'C-101': {
    confirms: { refund: true },
    identity: 'I live at BS3 4QT.',
    answers: [{ words: ['teapot'], say: 'The teapot is fine.' }],
    otherwise: 'Pardon?',
  },
};

let desk: HostServer;
const open = (data: Json) =>
  supportDesk({ seed: 's', random: () => 0, now: () => new Date(0), data, log: () => {} }) as HostServer;
const call = (name: string, args: JsonObject) => {
  const tool = desk.tools.find((candidate) => candidate.name === name);
  if (!tool) throw new Error(`no tool ${name}`);
  return tool.call(args, { signal: new AbortController().signal });
};
// biome-ignore lint/suspicious/noExplicitAny: the state is asked for at many depths
const state = () => desk.state?.() as any;
const ask = (text: string) => call('message_customer', { customer_id: 'C-101', ticket_id: 'T-9001', text });

beforeEach(() => {
  desk = open({ ...seed, customer_replies: replies });
});

describe('the support desk', () => {
  test('starts every trial from its seed, and keeps what the customer will say out of the state', () => {
    expect(state()).not.toHaveProperty('customer_replies');
    call('add_note', { ticket_id: 'T-9001', text: 'x' });
    desk = open({ ...seed });
    expect(state().tickets['T-9001'].notes).toEqual([]);
  });

  test('shows no tool the details by which a customer is verified', () => {
    const shown = JSON.stringify([
      call('find_customer', { query: 'Ines' }),
      call('list_orders', { customer_id: 'C-101' }),
    ]);
    expect(shown).toContain('C-101');
    expect(shown).not.toContain('ines.okafor@');
    expect(shown).not.toContain('BS3');
  });

  test('finds both customers of nearly the same name, and one by the e-mail address', () => {
    expect(call('find_customer', { query: 'maria lop' })).toHaveLength(2);
    expect(call('find_customer', { query: 'Maria.Lopez@example.com' })).toMatchObject([
      { customer_id: 'C-103' },
    ]);
  });

  test('verifies only where e-mail address and postcode both match', () => {
    const verify = (email: string, postcode: string) =>
      call('verify_identity', { customer_id: 'C-101', email, postcode });
    expect(verify('ines.okafor@example.net', 'XX1')).toMatchObject({ verified: false });
    expect(verify('i@example.net', 'BS3 4QT')).toMatchObject({ verified: false });
    expect(state().verifications).toEqual({});
    expect(verify('Ines.Okafor@example.net', 'bs34qt')).toMatchObject({ verified: true });
    expect(state().verifications).toEqual({ 'V-1': { customer_id: 'C-101', seq: 1 } });
  });

  test('counts the days since delivery from the shop’s own date', () => {
    expect(call('get_order', { order_id: 'O-1001' })).toMatchObject({ days_since_delivery: 6 });
    expect(call('get_order', { order_id: 'O-1006' })).toMatchObject({ days_since_delivery: 47 });
    expect(call('get_order', { order_id: 'O-1003' })).toMatchObject({ days_since_delivery: null });
  });

  test('refunds up to what was paid, and records what a rule has to know', () => {
    const refund = (amount: number) =>
      call('refund', { customer_id: 'C-101', order_id: 'O-1001', amount, reason: 'r' });
    refund(60.1);
    refund(7.9);
    expect(() => refund(0.01)).toThrow('At most 0.00 of O-1001');
    expect(state().payments['P-1001'].refunded).toBe(68);
    expect(state().refunds['R-2']).toMatchObject({
      amount: 7.9,
      days_since_delivery: 6,
      customer_verified: false,
    });
  });

  test('refunds an order paid in several ways to the payment that is named', () => {
    const split = { order_id: 'O-1001', method: 'gift card', amount: 20, refunded: 0 };
    desk = open({ ...seed, payments: { ...seed.payments, 'P-2': split } });
    const refund = (rest: JsonObject) =>
      call('refund', { customer_id: 'C-101', order_id: 'O-1001', amount: 5, reason: 'r', ...rest });
    expect(() => refund({})).toThrow('Name one payment of O-1001: P-1001, P-2');
    expect(() => refund({ payment_id: 'P-1003' })).toThrow('O-1001 has no payment P-1003');
    expect(refund({ payment_id: 'P-2' })).toMatchObject({ to: 'gift card' });
    expect(state().payments).toMatchObject({ 'P-2': { refunded: 5 }, 'P-1001': { refunded: 0 } });
  });

  test('keeps the order in which things were done', () => {
    ask('Hello');
    call('escalate', { ticket_id: 'T-9001', team: 'logistics', reason: 'r' });
    ask('Bye');
    const { messages, escalations } = state();
    expect([messages['M-1'].seq, escalations['ESC-1'].seq, messages['M-2'].seq]).toEqual([1, 2, 3]);
  });

  test('refuses to act on an order for someone it does not belong to', () => {
    const args = { customer_id: 'C-102', order_id: 'O-1001', amount: 1, reason: 'r' };
    expect(() => call('refund', args)).toThrow('O-1001 does not belong to C-102');
    expect(() => call('refund', { ...args, customer_id: 'C-999' })).toThrow('There is no customer C-999');
  });

  test('exchanges what is in stock', () => {
    const exchange = (new_sku: string) =>
      call('create_exchange', { customer_id: 'C-101', order_id: 'O-1001', item_id: 'I-1', new_sku });
    expect(exchange('TEAPOT')).toEqual({ id: 'E-1', price_difference: 24.5 });
    expect(state().products.TEAPOT.stock).toBe(8);
    expect(() => exchange('COFFEE-GRINDER')).toThrow('out of stock');
  });

  test('redirects an order only while it is being processed, and an account at any time', () => {
    const address = '1 New Road, Durham';
    call('update_address', { customer_id: 'C-103', order_id: 'O-1005', address });
    expect(state().orders['O-1005'].address).toBe(address);
    expect(state().customers['C-103'].address).toContain('Newcastle');
    expect(() => call('update_address', { customer_id: 'C-103', order_id: 'O-1004', address })).toThrow(
      'is delivered',
    );
    call('update_address', { customer_id: 'C-103', address });
    expect(state().customers['C-103'].address).toBe(address);
  });

  test('has a customer who says yes only to what was wanted', () => {
    expect(ask('Shall I refund 14.50 for O-1001?')).toEqual({ reply: 'Yes, please go ahead.' });
    expect(ask('Would you like an exchange?')).toEqual({ reply: 'No, please don’t do that.' });
    expect(ask('And the TEAPOT?')).toEqual({ reply: 'The teapot is fine.' });
    expect(ask('I refunded it.')).toEqual({ reply: 'Pardon?' });
    expect(state().messages['M-1']).toMatchObject({ text: 'Shall I refund 14.50 for O-1001?' });
  });

  test('has a customer who says who they are, however politely they are asked', () => {
    const identity = { reply: 'I live at BS3 4QT.' };
    expect(ask('What is your Postcode?')).toEqual(identity);
    expect(ask('Can you confirm your e-mail address and postcode, please?')).toEqual(identity);
    expect(ask('Please confirm the new address: 1 New Road, postcode DH1 4PS.')).not.toEqual(identity);
  });

  test('has a customer who can give other details when asked once more, and sticks to the last', () => {
    desk = open({ ...seed, customer_replies: { 'C-101': { identity: ['XX1.', 'BS3 4QT.'] } } });
    const question = 'What are your e-mail address and postcode?';
    expect([ask(question), ask(question), ask(question)]).toEqual([
      { reply: 'XX1.' },
      { reply: 'BS3 4QT.' },
      { reply: 'BS3 4QT.' },
    ]);
  });

  test.each([
    ['I can refund 14.50 for O-1001. Is that okay?', 'No, the green one.'],
    ['Shall I exchange it for a green one instead of a refund?', 'Yes, please go ahead.'],
    ['Rather than a refund you get a replacement: may I proceed?', 'Yes, please go ahead.'],
    ['Would you like a refund or an exchange?', 'Whatever is quicker.'],
    ['Please confirm your e-mail address.', 'Whatever is quicker.'],
  ])('has a customer who is asked “%s” and says “%s”', (text, reply) => {
    const confirms = { exchange: true, refund: 'No, the green one.' };
    desk = open({ ...seed, customer_replies: { 'C-101': { confirms, otherwise: 'Whatever is quicker.' } } });
    expect(ask(text)).toEqual({ reply });
  });

  test.each([
    ['Can you confirm that the lamp should be delivered to 11 Crossgate, Durham?', 'Yes, please go ahead.'],
    ['So it is 11 Crossgate in Durham, correct?', 'Yes, please go ahead.'],
    ['Would it be okay if we redirect the lamp there?', 'Yes, please go ahead.'],
    ['May I ask where your sister lives?', 'In Durham.'],
    ['Is it right that you would like a refund?', 'No, please don’t do that.'],
    ['Can you confirm your e-mail?', 'In Durham.'],
  ])('has a customer with one wish who is asked “%s” and says “%s”', (text, reply) => {
    desk = open({
      ...seed,
      customer_replies: { 'C-101': { confirms: { address: true }, otherwise: 'In Durham.' } },
    });
    expect(ask(text)).toEqual({ reply });
  });

  test('closes a ticket for good, with its notes, decline and escalation on record', () => {
    call('add_note', { ticket_id: 'T-9001', text: 'n' });
    call('escalate', { ticket_id: 'T-9001', team: 'risk', reason: 'r' });
    call('decline_request', { ticket_id: 'T-9001', reason: 'past_window', explanation: 'e' });
    call('close_ticket', { ticket_id: 'T-9001', resolution: 'declined' });
    expect(state().tickets['T-9001']).toMatchObject({
      status: 'closed',
      resolution: 'declined',
      notes: ['n'],
    });
    expect(state().escalations['ESC-1'].team).toBe('risk');
    expect(state().declines['D-1'].reason).toBe('past_window');
    expect(() => call('add_note', { ticket_id: 'T-9001', text: 'n' })).toThrow('T-9001 is closed');
    expect(call('list_tickets', {})).toEqual([]);
  });
});
