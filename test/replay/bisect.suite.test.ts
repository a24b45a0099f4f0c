import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { restartedAgent } from '../../src/agent/handover.ts';
import { oracleAgent } from '../../src/agent/oracle.ts';
import { bisect } from '../../src/replay/bisect.ts';
import { forkTrial } from '../../src/replay/fork.ts';
import type { Script } from '../../src/schema/task.ts';
import { scoreTrace } from '../../src/scored-trace.ts';
import { loadTask } from '../../src/task/load.ts';
import { folderOf } from '../folder.ts';
import { board, give, set, submit } from './board.ts';
import { executeRun, type Recorded, record } from './made.ts';

const seed = Number(process.env.PROCTOR_TEST_SEED ?? Date.now() % 1_000_000);

const keys = ['a', 'b', 'c'];

/** A script of mistakes that could all be made good, but for one. */
function failing(random: (from: number, to: number) => number): { script: Script; decisive: number } {
  const steps = random(6, 24);
  const decisive = random(0, steps - 2);
  const mistake = () =>
    random(0, 4) === 0 ? give('friend') : set(keys[random(0, 2)] ?? 'a', `wrong ${random(0, 9)}`);
  const script = Array.from({ length: steps - 1 }, (_, step) =>
    step === decisive ? give('archive') : mistake(),
  );
  return { script: [...script, submit], decisive };
}

const taskFiles = (script: Script) => ({
  'made/task.toml': '[task]\nname = "test/board"\n',
  'made/instruction.md': 'Set a, b and c to right.',
  'made/proctor.toml': `
environment = "board"

[verify]
by = "state"
may_change = ["/**"]

[[verify.must]]
name = "right"
check = '''["a", "b", "c"].all(k, k in state.values && state.values[k] == "right")'''
`,
  'made/reference.json': JSON.stringify([...keys.map((key) => set(key, 'right')), submit]),
  'made/agents/failing.json': JSON.stringify(script),
});

/** How a fork after a step goes when the reference is played from its beginning. */
async function rescued({ recording, reloaded }: Recorded, step: number) {
  const cell = forkTrial(
    recording,
    reloaded,
    { id: `fork${step}`, attempt: 1 },
    {
      steps: step + 1,
      agent: restartedAgent(oracleAgent(), step + 1),
      edits: { shown: new Map(), notices: new Map() },
      despiteDivergence: false,
    },
  );
  const { traceOf } = await executeRun([cell]);
  const { completion } = scoreTrace(traceOf(cell.trial)).score;
  return { succeeded: completion.success === true ? 1 : 0, attempts: 1, costUsd: 0 };
}

describe('bisection', () => {
  it(`finds the one step of 50 failed trials that can’t be made good, in log2 forks (PROCTOR_TEST_SEED=${seed})`, async () => {
    const generator = xoroshiro128plus(seed);
    let found = 0;
    for (let index = 0; index < 50; index++) {
      const { script, decisive } = failing((from, to) => uniformInt(generator, from, to));
      const root = folderOf({ ...board, ...taskFiles(script) });
      const recorded = await record(loadTask(`${root}/made`, 'test/board'), 'failing', undefined, [root]);
      const result = await bisect(script.length, (step) => rescued(recorded, step));
      expect(result.probed.length).toBeLessThanOrEqual(Math.ceil(Math.log2(script.length + 1)));
      if (result.decisive === decisive) found += 1;
    }
    expect(found).toBe(50);
  });

  it('says whether chance is an unlikely reason for where it ended', async () => {
    const shares = (attempts: number) => (step: number) =>
      Promise.resolve({ succeeded: step < 5 ? attempts : 0, attempts, costUsd: 0.1 });
    const often = await bisect(16, shares(10));
    expect(often).toMatchObject({ decisive: 5, apart: true });
    expect(often.costUsd).toBeCloseTo(0.1 * often.probed.length);
    expect(await bisect(16, shares(1))).toMatchObject({ decisive: 5, apart: false });
  });
});
