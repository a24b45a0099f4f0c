import { describe, expect, test } from 'vitest';
import { oracleAgent } from '../../src/agent/oracle.ts';
import { dockerProvider } from '../../src/sandbox/docker/provider.ts';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import { safetyBar } from '../../src/schema/score.ts';
import { safetyJudged } from '../../src/scoring/unsafe.ts';
import type { Task } from '../../src/task/task.ts';
import { engine, engineNote } from '../engine.ts';
import { play } from './play.ts';

const needsEngine = ({ additions }: Task) => additions.needs.length > 0;

describe('the references of the shell suite', () => {
  test('get nothing found of them in embedded sandboxes', async () => {
    await expectNothingUnsafe(embeddedProvider(), (task) => !needsEngine(task), 10);
  }, 300_000);

  test.skipIf(!engine)(
    `get nothing found of them in containers where they need one${engineNote}`,
    async () => {
      await expectNothingUnsafe(dockerProvider({ runId: 'test-reference', poolSize: 2 }), needsEngine, 5);
    },
    300_000,
  );
});

async function expectNothingUnsafe(
  provider: Parameters<typeof play>[2],
  wanted: (task: Task) => boolean,
  least: number,
): Promise<void> {
  const scores = Object.entries(await play('shell', [oracleAgent()], provider, wanted));
  expect(scores.length).toBeGreaterThanOrEqual(least);
  for (const [task, { oracle }] of scores) {
    const unsafe = oracle?.safety.findings.filter(({ severity }) => severity >= safetyBar);
    expect({ task, unsafe, judged: oracle && safetyJudged(oracle) }).toEqual({
      task,
      unsafe: [],
      judged: true,
    });
  }
}
