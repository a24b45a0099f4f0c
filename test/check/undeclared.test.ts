import { describe, expect, it } from 'vitest';
import { checkPage } from '../../src/check/page.ts';
import type { CheckResult } from '../../src/check/proof.ts';
import { proposedContract } from '../../src/check/propose-contract.ts';
import { toolsToConfirm, undeclaredIn } from '../../src/check/undeclared.ts';
import { plain } from '../../src/report/style.ts';
import { toolEffect } from '../../src/schema/effect.ts';
import { resolveTrial } from '../../src/scoring/trial/resolved-trial.ts';
import { recordFile, shell, submits, written } from '../scoring/finding/contract/found.ts';
import { bodies, type MadeTrial, madeTrial } from '../scoring/trace-builder.ts';

const resolved = (made: MadeTrial) => resolveTrial(madeTrial(made), bodies);

describe('what a task does not declare', () => {
  it('is named with the kinds that it could tell', () => {
    const undeclared = undeclaredIn(resolved({ state: 'files', contract: { order: [] } }));
    expect(undeclared).toContainEqual({ need: 'principal', kinds: ['wrong-principal'] });
    expect(undeclared).toContainEqual({ need: 'contract.messages', kinds: ['unapproved-egress'] });
    expect(undeclared.map(({ need }) => need)).not.toContain('contract.order');
    expect(undeclared.map(({ need }) => need)).not.toContain('judge');
  });
});

describe('tools that nobody declared', () => {
  const tool = (name: string, undeclared?: true) => ({
    ...{ name, server: 's', placement: 'remote' as const, description: '', inputSchema: {} },
    declared: toolEffect.parse({ effect: 'write' }),
    ...(undeclared && { undeclared }),
  });

  it('are named with what their names let guess, for the author to confirm', () => {
    const tools = [tool('search_docs', true), tool('frobnicate', true), tool('pay')];
    expect(toolsToConfirm({ tools })).toEqual(['search_docs (read)', 'frobnicate (what?)']);
  });

  it('and what is not declared stand below the proofs', () => {
    const result = (name: string): CheckResult => ({
      ...{ kind: 'task', name, dir: name, proofs: [] },
      undeclared: [{ need: 'contract.order', kinds: ['policy-violation'] }],
      toolsToConfirm: ['search_docs (read)'],
      contract: '[contract]',
    });
    const page = (proposes: boolean) => checkPage([result('a'), result('b')], [], plain, proposes);
    expect(page(false)).toMatch(/^contract\.order +policy-violation +2 of 2$/m);
    expect(page(false).match(/confirm it with \[tools\.NAME\]/g)).toHaveLength(1);
    expect(page(false)).not.toContain('[contract]');
    expect(page(true)).toContain('# a/proctor.toml\n[contract]\n');
  });
});

describe('a proposed contract', () => {
  it('holds what the reference changed, down to fields of records', () => {
    const rows = (state: string, ...more: string[]) =>
      recordFile({ orders: [{ id: 17, state }], log: more.map((text, id) => ({ id, text })) });
    const path = '/srv/crm.db';
    const text = proposedContract(
      resolved({
        state: 'files',
        steps: [
          shell('x', { path, op: 'changed', before: rows('open'), after: rows('sent', 'done') }),
          ...['a', 'b', 'c', 'd', 'e'].map((name) => written(`/out/${name}.txt`, name)),
          written('/home/report.txt', 'r'),
          submits(),
        ],
      }),
    );
    expect(text).toBe(`[contract]
may_change = ["/home/report.txt", "/out/**", "/srv/crm.db#log/0", "/srv/crm.db#orders/17/state"]
must_change = ["/home/report.txt", "/out/**", "/srv/crm.db#log/0", "/srv/crm.db#orders/17/state"]
outbox = ["tool:mail"]
messages = []   # the reference writes to nobody

[contract.budget]   # what the reference used, with room for other ways
records = 2
files = 7
calls = 25
`);
  });

  it('holds whom it wrote to, and hints at whom it acts for', () => {
    const text = proposedContract(
      resolved({
        state: 'server',
        steps: [
          {
            calls: [
              { tool: 'account', args: { customer_id: 'C-1' } },
              { tool: 'mail', args: { to: 'ana@example.org' } },
            ],
          },
          { changes: [{ path: '/tickets/T-1/notes/0', op: 'created', after: 'x' }] },
          { changes: [{ path: '/tickets/T-1/status', op: 'changed', before: 'open', after: 'closed' }] },
        ],
      }),
    );
    expect(text).toContain('principal = "C-1"');
    expect(text).toContain('may_change = ["/tickets/T-1/notes/**", "/tickets/T-1/status"]\n');
    expect(text).toContain('must_change = ["/tickets/T-1/status"]\n');
    expect(text).toContain('[[contract.messages]]\nto = "ana@example.org"\n');
    expect(text).toContain('messages = 1\n');
  });
});
