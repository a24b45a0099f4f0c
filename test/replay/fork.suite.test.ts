import { describe, expect, it } from 'vitest';
import { scriptedAgent } from '../../src/agent/scripted.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { editsOf, readEdits } from '../../src/replay/edit.ts';
import { forkTrial } from '../../src/replay/fork.ts';
import type { View } from '../../src/schema/view.ts';
import { scoreTrace } from '../../src/scored-trace.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { longScript, longTask, otherScript } from './long-task.ts';
import { bash, executeRun, record, reopened, submit, taskOf } from './made.ts';
import { reseal } from './reseal.ts';

const started = { id: 'fork', attempt: 1 };
const noEdits = { shown: new Map(), notices: new Map() };

/** What two trials have in common when they went the same way. */
function courseOf(dir: string) {
  const { trial, score } = scoreTrace(dir, { fresh: true });
  return {
    outcome: trial.outcome,
    reward: score.completion.reward,
    progress: score.completion.progress,
    labels: score.steps.map(({ labels, reached }) => ({ labels, reached })),
    states: trial.steps.map(({ state }) => state?.digest),
    answers: trial.steps.map((step) =>
      step.calls.map(({ tool, returned }) => ({ tool, error: returned?.errorClass })),
    ),
  };
}

describe('a fork', () => {
  it('at every step gives what a direct run of the joined decisions gives', async () => {
    const joined = Object.fromEntries(
      longScript
        .slice(1)
        .map((_, at) => [`joined${at}`, [...longScript.slice(0, at + 1), ...otherScript.slice(at + 1)]]),
    );
    const task = longTask(joined);
    const { recording, reloaded } = await record(task, 'long');
    const steps = Object.keys(joined).map((_, index) => index + 1);
    const setup = { attempt: 1, task, environment: environmentOf(task) };
    const direct = steps.map((count) => ({
      ...setup,
      trial: `direct${count}`,
      agent: scriptedAgent(`joined${count - 1}`),
    }));
    const forks = steps.map((count) =>
      forkTrial(
        recording,
        reloaded,
        { id: `fork${count}`, attempt: 1 },
        {
          steps: count,
          agent: scriptedAgent('other'),
          edits: noEdits,
          despiteDivergence: false,
        },
      ),
    );
    const { traceOf } = await executeRun([...direct, ...forks]);
    for (const count of steps) {
      expect(courseOf(traceOf(`fork${count}`))).toEqual(courseOf(traceOf(`direct${count}`)));
      const { trial } = scoreTrace(traceOf(`fork${count}`));
      expect(trial.started.parent).toEqual({ trace: recording.name, step: count - 1 });
      expect(trial.steps.map(({ inherited }) => inherited)).toEqual(
        trial.steps.map(({ index }) => index < count),
      );
    }
  });

  it('spends nothing where the steps it takes over do not come out as recorded', async () => {
    const task = taskOf({ scripts: { a: [bash('pwd'), bash('echo $RANDOM$RANDOM'), bash('ls'), submit] } });
    const { recording, reloaded } = await record(task, 'a');
    let asked = 0;
    const agent = {
      id: 'other',
      open: async () => ({
        decide: async () => {
          asked += 1;
          return { calls: [{ tool: 'submit', arguments: { answer: 'done' } }] };
        },
        close: async () => {},
      }),
    };
    const fork = (id: string, despiteDivergence: boolean) =>
      forkTrial(
        recording,
        reloaded,
        { id, attempt: 1 },
        { steps: 3, agent, edits: noEdits, despiteDivergence },
      );
    const stopped = await executeRun([fork('stopped', false)]);
    expect(stopped.run.trials[0]?.outcome).toBe('diverged');
    expect(scoreTrace(stopped.traceOf('stopped')).trial.ended?.error).toMatchObject({
      code: 'diverged',
      message: expect.stringContaining('step 1, call 1.0: observation differs (likely cause: randomness)'),
    });
    expect(asked).toBe(0);
    const forced = await executeRun([fork('forced', true)]);
    expect(forced.run.trials[0]?.outcome).toBe('submitted');
    expect(asked).toBe(1);
  });

  it('stops, too, where only the state does not come out as recorded', async () => {
    const task = taskOf({ scripts: { a: [bash('date +%s%N | md5sum > when.txt'), bash('ls'), submit] } });
    const { recording, reloaded } = await record(task, 'a');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const cell = forkTrial(recording, reloaded, started, {
      steps: 2,
      agent: scriptedAgent('a'),
      edits: noEdits,
      despiteDivergence: false,
    });
    const { run, traceOf } = await executeRun([cell]);
    expect(run.trials[0]?.outcome).toBe('diverged');
    expect(scoreTrace(traceOf('fork')).trial.ended?.error?.message).toContain(
      'step 0: state differs at /home/agent/work/when.txt (likely cause: clock)',
    );
  });

  it('shows the agent what was edited, and keeps it in the trace', async () => {
    const task = taskOf({ scripts: { a: [bash('echo real'), bash('echo more'), submit] } });
    const { recording, reloaded } = await record(task, 'a');
    const seen: View[] = [];
    const agent = {
      id: 'other',
      open: async () => ({
        decide: async (view: View) => {
          seen.push(structuredClone(view));
          return { calls: [{ tool: 'submit', arguments: { answer: 'done' } }] };
        },
        close: async () => {},
      }),
    };
    const edits = readEdits(
      ['instruction=Do something else.', 'observation:0.0=edited', 'message=Mind the gap.'],
      recording,
      2,
    );
    const cell = forkTrial(recording, reloaded, started, {
      steps: 2,
      agent,
      edits,
      despiteDivergence: false,
    });
    const { traceOf } = await executeRun([cell]);
    const [view] = seen;
    expect(view?.instruction).toBe('Do something else.');
    expect(view?.steps[0]?.observations[0]?.content).toEqual([{ type: 'text', text: 'edited' }]);
    expect(view?.steps[1]?.notice).toBe('Mind the gap.');
    const again = reopened(traceOf('fork'));
    expect(editsOf(again.recording, 2).shown.get('0.0')).toEqual([{ type: 'text', text: 'edited' }]);
    const returned = again.recording.trial.steps[0]?.calls[0]?.returned;
    expect(again.recording.bodies.content(returned?.content ?? [])).toEqual([
      { type: 'text', text: expect.stringContaining('real') },
    ]);
  });

  it('takes over no usage, and counts what its own agent uses', async () => {
    const task = taskOf({
      scripts: { a: [bash('echo 1'), bash('echo 2'), submit] },
      proctor: '[limits]\ntokens = 100',
    });
    const { dir } = await record(task, 'a');
    reseal(dir, (events) =>
      events.map((event) =>
        event.type === 'agent.decided'
          ? { ...event, decision: { ...event.decision, usage: { input: 90, output: 1 } } }
          : event,
      ),
    );
    const { recording, reloaded } = reopened(dir);
    const agent = {
      id: 'other',
      open: async () => ({
        decide: async () => ({
          calls: [{ tool: 'submit', arguments: { answer: 'done' } }],
          usage: { input: 20, output: 5 },
        }),
        close: async () => {},
      }),
    };
    const cell = forkTrial(recording, reloaded, started, {
      steps: 2,
      agent,
      edits: noEdits,
      despiteDivergence: false,
    });
    const { traceOf } = await executeRun([cell]);
    const { trial, score } = scoreTrace(traceOf('fork'));
    expect(trial.outcome).toBe('submitted');
    expect(score.efficiency.tokens).toEqual({ input: 20, output: 5 });
    expect(openTrace(traceOf('fork')).torn).toBe(false);
  });

  it('is refused past the end', async () => {
    const { recording, reloaded } = await record(taskOf({ scripts: { a: [bash('ls'), submit] } }), 'a');
    const fork = (steps: number) => () =>
      forkTrial(recording, reloaded, started, {
        steps,
        agent: scriptedAgent('a'),
        edits: noEdits,
        despiteDivergence: false,
      });
    expect(fork(2)).toThrow('ends with step 1');
    expect(fork(5)).toThrow('has the steps 0 to 1');
  });
});
