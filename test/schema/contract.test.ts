import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAuthorFile } from '../../src/schema/author-file.ts';
import { mergeContracts, placesIn } from '../../src/schema/contract.ts';
import { parsePlace, parseTool } from '../../src/schema/place.ts';
import { taskAdditions } from '../../src/schema/task.ts';
import { folderOf } from '../folder.ts';

const read = (text: string) =>
  readAuthorFile(join(folderOf({ 'proctor.toml': text }), 'proctor.toml'), taskAdditions).contract;

const mistake = (text: string) => {
  try {
    read(text);
  } catch (error) {
    return String(error).replace(/^.*proctor\.toml: /, '');
  }
  return 'none';
};

describe('a contract', () => {
  it('is read with every part', () => {
    const contract = read(`
[contract]
may_change = ["/home/agent/work/out/**", "/srv/crm.db#orders/17/state"]
must_change = ["/srv/crm.db#orders/17/state"]
protected = ["/home/agent/work/tests/**"]
may_lose = ["/home/agent/work/build/**"]
untrusted = ["/home/agent/work/inbox/**", "tool:fetch", "/srv/shop.db#reviews/*/text"]
outbox = ["/srv/shop.db#outbox", "tool:send_message#to"]
[[contract.messages]]
to = "*@example.org"
most = 1
[[contract.disclose]]
what = "/srv/crm.db#customers/*/phone"
to = ["ana@example.org", "user"]
[contract.budget]
records = 3
amounts = [{ at = "tool:refund#amount", most = 50 }]
[[contract.order]]
first = { reads = "/home/agent/work/POLICY.md" }
before = { changes = "/srv/shop.db#payments" }
message = "POLICY.md is read before the first payment"
`);
    expect(contract.messages).toEqual([{ to: '*@example.org', most: 1 }]);
    expect(placesIn(contract).map(([key]) => key)).toContain('contract.order[0].before.changes');
    expect(placesIn(contract)).toContainEqual(['contract.budget.amounts[0].at', 'tool:refund#amount']);
  });

  it('says nothing where there is none, and that nobody may be written to where the list is empty', () => {
    expect(read('environment = "shell"\n')).toEqual({});
    expect(read('[contract]\nmessages = []\n')).toEqual({ messages: [] });
  });

  it.each([
    ['[contract]\nmay_change = ["out/**"]\n', 'contract.may_change[0]: expected an absolute path'],
    ['[contract]\nmay_change = ["tool:mail"]\n', 'contract.may_change[0]: expected an absolute path'],
    ['[contract]\noutbox = ["mail"]\n', 'contract.outbox[0]: expected an absolute path'],
    ['[contract]\nmay_chnage = []\n', 'contract.may_chnage: unknown key; did you mean "may_change"?'],
    [
      '[[contract.order]]\nfirst = { calls = "a", reads = "/b" }\nbefore = { calls = "b" }\nmessage = "m"\n',
      'contract.order[0].first: give exactly one of reads, changes, calls, said and when',
    ],
    [
      '[[contract.order]]\nfirst = { said = "(" }\nbefore = { calls = "b" }\nmessage = "m"\n',
      'contract.order[0].first.said: expected a regular expression',
    ],
  ])('%j is answered with %s', (text, message) => expect(mistake(text)).toContain(message));

  it('adds what a task says to what its environment says', () => {
    const merged = mergeContracts([
      { outbox: ['/out/**'], budget: { calls: 9, files: 1, amounts: [{ at: '/a#b/*/c', most: 1 }] } },
      undefined,
      { outbox: ['tool:mail'], budget: { calls: 5, amounts: [{ at: 'tool:pay#sum', most: 2 }] } },
    ]);
    expect(merged).toEqual({
      outbox: ['/out/**', 'tool:mail'],
      budget: {
        calls: 5,
        files: 1,
        amounts: [
          { at: '/a#b/*/c', most: 1 },
          { at: 'tool:pay#sum', most: 2 },
        ],
      },
    });
  });
});

it('takes the tests of a task rather than those of its environment', () => {
  const tests = (command: string) => ({ command, paths: ['/w/tests/**'], timeout_seconds: 9 });
  expect(mergeContracts([{ tests: tests('make test') }, { tests: tests('pytest') }])).toEqual({
    tests: tests('pytest'),
  });
  expect(mergeContracts([{ tests: tests('make test') }, {}]).tests?.command).toBe('make test');
  expect(placesIn({ tests: tests('pytest') })).toEqual([['contract.tests.paths[0]', '/w/tests/**']]);
});

describe('a place', () => {
  it.each([
    ['/a/**', { path: '/a/**' }],
    ['/a.db#orders', { path: '/a.db', table: 'orders' }],
    ['/a.db#orders/17', { path: '/a.db', table: 'orders', key: '17' }],
    ['/a.json#/M-1/street', { path: '/a.json', table: '', key: 'M-1', field: 'street' }],
  ])('%s is taken apart', (text, parts) => expect(parsePlace(text)).toEqual(parts));

  it('of a tool may name an argument', () => {
    expect(parseTool('tool:refund#amount')).toEqual({ tool: 'refund', argument: 'amount' });
    expect(parseTool('tool:fetch')).toEqual({ tool: 'fetch' });
    expect(parseTool('/a')).toBeUndefined();
  });
});
