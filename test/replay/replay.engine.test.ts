import { describe, expect, it } from 'vitest';
import { oracleAgent } from '../../src/agent/oracle.ts';
import type { Reloaded } from '../../src/replay/recording.ts';
import { dockerProvider } from '../../src/sandbox/docker/provider.ts';
import type { DeclaredMask } from '../../src/schema/environment.ts';
import { loadTask } from '../../src/task/load.ts';
import { engine, engineNote } from '../engine.ts';
import { longTask } from './long-task.ts';
import { bash, record, replay, submit, taskOf } from './made.ts';
import { sandboxes } from './sandboxes.ts';

const quickstart = (name: string) => loadTask(`tasks/quickstart/${name}`, `quickstart/${name}`);

function withMasks({ environment, ...reloaded }: Reloaded, masks: DeclaredMask[]): Reloaded {
  return { ...reloaded, environment: { ...environment, config: { ...environment.config, masks } } };
}

/** The embedded clock may print whole seconds only. */
const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1100));

describe('a replay', () => {
  it.each(['address-mixup', 'damaged-mug', 'past-window'])(
    'of the careless agent and of the oracle at %s is identical, twice',
    async (name) => {
      for (const agent of ['careless', oracleAgent()]) {
        const recorded = await record(quickstart(name), agent);
        expect(recorded.recording.trial.outcome).toBe('submitted');
        for (const { verdict, masks, difference } of await replay(recorded, 2))
          expect({ agent, verdict, masks, difference }).toEqual({
            agent,
            verdict: 'identical',
            masks: [],
            difference: undefined,
          });
      }
    },
  );

  for (const { name, provider, usable } of sandboxes) {
    describe.skipIf(!usable)(`on ${name}`, () => {
      it('of calls made together, denied calls, time-outs and errors comes out as recorded, twice', async () => {
        const recorded = await record(longTask(), 'long', provider());
        const { trial } = recorded.recording;
        expect(trial.outcome).toBe('submitted');
        const classes = trial.steps.flatMap((step) => step.calls.map(({ returned }) => returned?.errorClass));
        expect(classes).toEqual(expect.arrayContaining(['denied', 'timeout', 'unknown-tool', 'schema']));
        for (const { verdict, masks, difference } of await replay(recorded, 2)) {
          expect(difference).toBeUndefined();
          expect(['identical', 'equivalent']).toContain(verdict);
          expect(masks.filter((mask) => mask !== 'timestamp')).toEqual([]);
        }
      });

      it('takes a clock for what it is: masked where it is printed or written down, a cause of what is made of it', async () => {
        const printed = await record(
          taskOf({ scripts: { a: [bash('date; date +%s%N; date > when.log'), submit] } }),
          'a',
          provider(),
        );
        await nextSecond();
        const [same] = await replay(printed);
        expect(same).toMatchObject({ verdict: 'equivalent', masks: ['timestamp'] });
        const written = await record(
          taskOf({ scripts: { a: [bash('ls'), bash('date +%s%N | md5sum > when.txt'), submit] } }),
          'a',
          provider(),
        );
        await nextSecond();
        const [other] = await replay(written);
        expect(other).toMatchObject({
          verdict: 'diverged',
          difference: { step: 1, what: 'state', cause: 'clock' },
        });
        const masks = [{ name: 'notes of the time', paths: ['/home/agent/work/when.*'] }];
        const [masked] = await replay({ ...written, reloaded: withMasks(written.reloaded, masks) });
        expect(masked).toMatchObject({ verdict: 'equivalent', masks: ['notes of the time'] });
      });

      it('names randomness as the cause', async () => {
        const recorded = await record(
          taskOf({ scripts: { a: [bash('pwd'), bash('echo $RANDOM-$RANDOM-$RANDOM'), submit] } }),
          'a',
          provider(),
        );
        const [other] = await replay(recorded);
        expect(other).toMatchObject({
          verdict: 'diverged',
          difference: { step: 1, callId: '1.0', what: 'observation', cause: 'randomness' },
        });
      });
    });
  }

  it.skipIf(!engine)(`names concurrency as the cause of a race${engineNote}`, async () => {
    const jobs = 'for i in $(seq 60); do (sh -c "echo $i") & done; wait';
    const task = taskOf({
      scripts: { a: [bash(jobs), bash(jobs), bash(jobs), submit] },
    });
    const recorded = await record(task, 'a', dockerProvider({ runId: 'test-replay', poolSize: 0 }));
    const [other] = await replay(recorded);
    expect(other).toMatchObject({
      verdict: 'diverged',
      difference: { what: 'observation', cause: 'concurrency' },
    });
  });

  it('enforces the recorded verdicts, and tells apart what the policy of today would say', async () => {
    const recorded = await record(longTask(), 'long');
    const { reloaded } = recorded;
    const lenient = { ...reloaded, task: { ...reloaded.task, policy: { rules: [], off: [] } } };
    const [again] = await replay({ ...recorded, reloaded: lenient });
    expect(again?.difference).toBeUndefined();
    expect(again?.rejudged).toContainEqual(
      expect.objectContaining({ callId: '3.0', tool: 'bash', recorded: 'deny' }),
    );
  });

  it('ends where a record that ran into a limit ends', async () => {
    const task = taskOf({
      scripts: { a: [bash('echo 1'), bash('echo 2'), bash('echo 3'), submit] },
      proctor: '[limits]\nsteps = 2',
    });
    const recorded = await record(task, 'a');
    expect(recorded.recording.trial.outcome).toBe('out-of-steps');
    expect(await replay(recorded)).toMatchObject([{ verdict: 'identical' }]);
  });

  it('names a changed task before any other cause', async () => {
    const recorded = await record(taskOf({ scripts: { a: [bash('echo $RANDOM$RANDOM'), submit] } }), 'a');
    const [other] = await replay({
      ...recorded,
      reloaded: { ...recorded.reloaded, changed: ['task test/made'] },
    });
    expect(other?.difference?.cause).toBe('task test/made changed since');
  });
});
