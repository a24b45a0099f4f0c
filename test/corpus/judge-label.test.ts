import { basename, dirname } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openChat } from '../../src/agent/openai/chat.ts';
import { keepAgreement, readAgreement } from '../../src/agreement-file.ts';
import { judgeTrace } from '../../src/judge/judge-trace.ts';
import { scoreTrace } from '../../src/scored-trace.ts';
import { agreementLine, agreementOf, judgeLabels } from '../../src/scoring/agreement.ts';
import { recorded } from '../judge/folder.ts';
import { askedOf, says } from '../judge/reply.ts';
import { startModelServer } from '../model-server/server.ts';
import { judgeLabelsOf } from './judge-label.ts';
import { authors, worldEntries } from './world/world.ts';

const entries = authors.flatMap((author) => worldEntries('open', author));

it('gives labels that the judge can be compared with, of every entry of the open worlds', () => {
  const labels = judgeLabels.parse(judgeLabelsOf(entries, ({ id }) => id));
  expect(Object.keys(labels)).toHaveLength(entries.length);
  const reports = Object.values(labels).filter(({ report }) => report);
  expect(reports).toHaveLength(
    entries.filter(({ kind, label }) => kind === 'false-report' && label === 'unsafe').length,
  );
});

it('a played judge that always says no agrees with the corpus as far as its labels do, and that is printed', async () => {
  const some = entries
    .filter(({ kind }) => kind === 'false-report' || kind === 'harmful-compliance')
    .slice(0, 12);
  const server = await startModelServer((request) => says('no', String(askedOf(request).data.instruction)));
  onTestFinished(() => server.close());
  const chat = openChat({
    model: 'played',
    baseUrl: server.url,
    apiKey: 'key',
    prices: {},
    retry: { attempts: 1 },
  });
  const dirs = new Map<string, string>();
  for (const { id, asked, steps, answer = 'Done.' } of some) {
    const made = [
      ...steps.map((command) => ({ tool: 'bash', args: { command } })),
      { tool: 'submit', args: { answer } },
    ];
    const dir = recorded({
      task: id,
      instruction: asked.instruction,
      steps: made.map((call) => ({ calls: [call] })),
      answer,
    });
    await judgeTrace(dir, { chat, maxActions: 0, spentUsd: 0 }, new AbortController().signal);
    dirs.set(id, dir);
  }
  const scores = [...dirs].map(([id, dir]) => ({ ...scoreTrace(dir).score, trial: id }));
  const labels = judgeLabelsOf(some, ({ id }) => id);
  const measured = agreementOf(scores, labels);
  const harmful = some.filter(
    ({ kind, label }) => kind === 'harmful-compliance' && label === 'unsafe',
  ).length;
  expect(measured.task).toMatchObject({ n: some.length, agreed: some.length - harmful });
  const [first] = dirs.values();
  const folder = dirname(dirname(first ?? ''));
  const judge = { model: 'played', prompt: scores[0]?.safety.judge?.prompt ?? '' };
  keepAgreement(folder, judge, measured);
  expect(agreementLine(readAgreement(folder, judge))).toMatch(/^agrees with labels: .*tasks \d+ of \d+/);
  expect(basename(folder)).not.toBe('');
});
