import { describe, expect, it } from 'vitest';
import { createActor, fromPromise, toPromise } from 'xstate';
import { ProctorError } from '../../src/errors.ts';
import {
  type Acted,
  type Decided,
  type TrialInput,
  type TrialSignal,
  trialMachine,
} from '../../src/orchestrator/trial-machine.ts';

interface Script {
  provision?: () => Promise<void>;
  decide?: () => Promise<Decided>;
  act?: () => Promise<Acted>;
  deadline?: () => Promise<void>;
  verify?: () => Promise<{ continue: boolean }>;
  release?: () => Promise<void>;
}

const nothing: Decided = { tokens: 0, costUsd: 0, gaveUp: false, own: true };
const submit = async (): Promise<Acted> => 'submitted';
const forever = () => new Promise<never>(() => {});

/** Runs the machine with actors that do as scripted, and says what it visited and how it ended. */
async function play(script: Script, input: Partial<TrialInput> = {}, send?: TrialSignal) {
  const visited: string[] = [];
  const called: string[] = [];
  const note = <T>(name: string, work: (() => Promise<T>) | undefined, fallback: T) =>
    fromPromise<T>(() => {
      called.push(name);
      return work ? work() : Promise.resolve(fallback);
    });
  const machine = trialMachine.provide({
    actors: {
      provision: note<void>('provision', script.provision, undefined),
      decide: note('decide', script.decide, nothing),
      act: note('act', script.act, null),
      observe: note<void>('observe', undefined, undefined) as never,
      deadline: note('deadline', script.deadline ?? forever, undefined) as never,
      verify: note('verify', script.verify, { continue: true }) as never,
      release: note('release', script.release, undefined) as never,
    },
  });
  const actor = createActor(machine, { input: { limits: {}, phaseSeconds: [undefined], ...input } });
  actor.subscribe(
    ({ value }) => void visited.push(typeof value === 'string' ? value : (Object.keys(value)[0] ?? '')),
  );
  actor.start();
  if (send) setTimeout(() => actor.send(send), 5);
  const output = await toPromise(actor);
  return { output, called, visited: visited.filter((state, i) => state !== visited[i - 1]) };
}

describe('the trial machine', () => {
  it('goes from provisioning to the end through working, verifying and releasing', async () => {
    const { output, visited } = await play({ act: submit });
    expect(visited).toEqual(['provisioning', 'working', 'verifying', 'releasing', 'ended']);
    expect(output).toEqual({ outcome: 'submitted' });
  });

  it('decides, acts and observes in turn until the steps are used up', async () => {
    const { output, called } = await play({}, { limits: { steps: 2 } });
    expect(output.outcome).toBe('out-of-steps');
    expect(called.filter((name) => !['deadline'].includes(name))).toEqual([
      'provision',
      'decide',
      'act',
      'observe',
      'decide',
      'act',
      'observe',
      'verify',
      'release',
    ]);
  });

  it.each([
    ['tokens', { tokens: 10 }, { ...nothing, tokens: 10 }, 'out-of-tokens'],
    ['cost', { cost_usd: 0.5 }, { ...nothing, tokens: 1, costUsd: 0.6 }, 'out-of-budget'],
  ] as const)('stops at the limit on %s and still verifies', async (_, limits, decided, outcome) => {
    const { output, called } = await play({ decide: async () => decided }, { limits });
    expect(output.outcome).toBe(outcome);
    expect(called).toContain('verify');
  });

  it('ends a submission on the last allowed step as submitted', async () => {
    const { output } = await play({ act: submit }, { limits: { steps: 1 } });
    expect(output.outcome).toBe('submitted');
  });

  it('times out while the agent thinks, verifies what is there and releases', async () => {
    const { output, called } = await play({ decide: forever, deadline: async () => {} });
    expect(output.outcome).toBe('timed-out');
    expect(called).toEqual(expect.arrayContaining(['verify', 'release']));
  });

  it('counts an agent that stops as having given up, after its last step was observed', async () => {
    const { output, called } = await play({ decide: async () => ({ ...nothing, gaveUp: true }) });
    expect(output.outcome).toBe('gave-up');
    expect(called.indexOf('observe')).toBeLessThan(called.indexOf('verify'));
  });

  it('ends as an error of infrastructure, unverified, when what it can’t do without fails', async () => {
    const error = new ProctorError('store-failed', 'the store is full');
    const { output, called } = await play({ decide: forever }, {}, { type: 'fail', error });
    expect(output).toEqual({
      outcome: 'infrastructure-error',
      error: { code: 'store-failed', message: 'the store is full' },
    });
    expect(called).not.toContain('verify');
    expect(called).toContain('release');
  });

  it('releases without verifying when it is aborted', async () => {
    const { output, called } = await play({ decide: forever }, {}, { type: 'abort' });
    expect(output.outcome).toBe('aborted');
    expect(called).not.toContain('verify');
    expect(called).toContain('release');
  });

  it.each([
    [
      'a sandbox that can’t be opened',
      { provision: async () => Promise.reject(new ProctorError('image-unavailable', 'no image')) },
      'infrastructure-error',
      'image-unavailable',
    ],
    [
      'a sandbox that the agent broke',
      { act: async () => Promise.reject(new ProctorError('sandbox-broken', 'out of memory')) },
      'broke-sandbox',
      'sandbox-broken',
    ],
    [
      'an endpoint that is down',
      { decide: async () => Promise.reject(new ProctorError('model-unavailable', '503')) },
      'infrastructure-error',
      'model-unavailable',
    ],
    [
      'a verifier that fails',
      {
        act: submit,
        verify: async () => Promise.reject(new ProctorError('verifier-failed', 'no reward')),
      },
      'infrastructure-error',
      'verifier-failed',
    ],
  ] as const)(
    'ends with the right outcome and error for %s, and releases',
    async (_, script, outcome, code) => {
      const { output, called } = await play(script as Script);
      expect(output).toMatchObject({ outcome, error: { code } });
      expect(called).toContain('release');
    },
  );

  it('takes a program that throws for a crash of the agent, and verifies', async () => {
    const { output, called } = await play({
      decide: async () => Promise.reject(new TypeError('x is undefined')),
    });
    expect(output).toEqual({
      outcome: 'agent-crashed',
      error: { code: 'unexpected', message: 'x is undefined' },
    });
    expect(called).toContain('verify');
  });

  it('ends with the context overflow as the agent’s outcome', async () => {
    const { output, called } = await play({
      decide: async () => Promise.reject(new ProctorError('context-overflow', 'too long')),
    });
    expect(output.outcome).toBe('out-of-context');
    expect(called).toContain('verify');
  });

  it('goes through every phase while the verifier says to go on', async () => {
    const { called } = await play({ act: submit }, { phaseSeconds: [undefined, undefined, undefined] });
    expect(called.filter((name) => name === 'verify')).toHaveLength(3);
  });

  it('keeps the outcome and names the error when releasing fails', async () => {
    const { output } = await play({
      act: submit,
      release: async () => Promise.reject(new Error('still there')),
    });
    expect(output).toEqual({ outcome: 'submitted', error: { code: 'unexpected', message: 'still there' } });
  });

  it('gives each phase its own time', async () => {
    const given: (number | undefined)[] = [];
    const machine = trialMachine.provide({
      actors: {
        provision: fromPromise(async () => {}),
        decide: fromPromise(async () => nothing),
        act: fromPromise(submit),
        observe: fromPromise(async () => {}) as never,
        deadline: fromPromise<void, { seconds: number | undefined }>(({ input }) => {
          given.push(input.seconds);
          return forever();
        }),
        verify: fromPromise(async () => ({ continue: true })) as never,
        release: fromPromise(async () => {}) as never,
      },
    });
    await toPromise(createActor(machine, { input: { limits: {}, phaseSeconds: [4, undefined, 9] } }).start());
    expect(given).toEqual([4, undefined, 9]);
  });

  it.each([
    [new ProctorError('sandbox-broken', 'gone'), 'broke-sandbox'],
    [new ProctorError('context-overflow', 'too long'), 'out-of-context'],
    [new ProctorError('engine-unreachable', 'no engine'), 'infrastructure-error'],
    [new ProctorError('interrupted', 'stopped'), 'aborted'],
    [new ProctorError('diverged', 'not the same'), 'diverged'],
    [new Error('anything'), 'infrastructure-error'],
  ])(
    'blames the agent only for a sandbox that it broke and a context that it filled: %s',
    async (error, outcome) => {
      const { output } = await play({ act: () => Promise.reject(error) });
      expect(output.outcome).toBe(outcome);
    },
  );
});

type Signal = 'stop' | 'budget' | 'deadline';
type Place = 'provision' | 'decide' | 'act' | 'observe' | 'verify' | 'release';

/** Plays two phases of two steps each; the signal comes in the middle of the `nth` piece of work of this kind, which then ends well. */
async function interrupted(signal: Signal, place: Place, nth: number) {
  const asked: string[] = [];
  const begun = new Map<string, number>();
  let sent = false;
  const error = { code: 'budget-spent', message: 'spent' };
  let expire = () => {};
  const send = () => {
    sent = true;
    if (signal === 'deadline') expire();
    else actor.send(signal === 'stop' ? { type: 'abort' } : { type: 'out-of-budget', error });
  };
  const work = <T>(name: Place, output: () => T) =>
    fromPromise<T>(async () => {
      const count = (begun.get(name) ?? 0) + 1;
      begun.set(name, count);
      asked.push(sent ? `${name} after` : name);
      if (name === place && count === nth) {
        await Promise.resolve();
        send();
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return output();
    });
  const machine = trialMachine.provide({
    actors: {
      provision: work<void>('provision', () => undefined),
      decide: work('decide', () => nothing),
      act: work<Acted>('act', () => ((begun.get('act') ?? 0) % 2 === 0 ? 'submitted' : null)),
      observe: work<void>('observe', () => undefined) as never,
      deadline: fromPromise(
        () =>
          new Promise<void>((resolve) => {
            expire = resolve;
          }),
      ) as never,
      verify: work('verify', () => ({ continue: true })) as never,
      release: work<void>('release', () => undefined) as never,
    },
  });
  const actor = createActor(machine, { input: { limits: {}, phaseSeconds: [9, 9] } });
  actor.start();
  return { output: await toPromise(actor), asked };
}

describe('a signal of the whole run', () => {
  const whole: [Place, number][] = [
    ['provision', 1],
    ...[1, 2, 3, 4].flatMap((nth): [Place, number][] => [
      ['decide', nth],
      ['act', nth],
      ['observe', nth],
    ]),
    ['verify', 1],
    ['verify', 2],
    ['release', 1],
  ];
  const outcomeOf = (signal: Signal, place: Place, nth: number) => {
    if (place === 'release') return 'submitted';
    if (signal === 'stop') return 'aborted';
    if (place === 'provision') return 'not-run';
    // What was submitted when the money was gone is submitted; so is the last phase.
    if (place === 'verify') return nth === 2 ? 'submitted' : 'out-of-budget';
    return nth === 4 ? 'submitted' : 'out-of-budget';
  };

  it.each(whole.flatMap(([place, nth]) => [['stop', place, nth] as const, ['budget', place, nth] as const]))(
    'holds: %s in the midst of %s number %i, after which nothing more is decided',
    async (signal, place, nth) => {
      const { output, asked } = await interrupted(signal, place, nth);
      expect(output.outcome).toBe(outcomeOf(signal, place, nth));
      expect(asked).not.toContain('decide after');
      expect(asked.filter((one) => one.startsWith('release'))).toHaveLength(1);
      if (output.outcome === 'not-run') expect(output.error?.code).toBe('budget-spent');
    },
  );

  it.each(whole.filter(([place]) => ['decide', 'act', 'observe'].includes(place)))(
    'holds: the deadline in the midst of %s number %i, after which the phase is verified at once',
    async (place, nth) => {
      const { asked } = await interrupted('deadline', place, nth);
      expect(asked.find((one) => one.endsWith(' after'))).toBe('verify after');
    },
  );

  it('leaves a trial unrun in which the agent itself decided nothing, whatever it took over', async () => {
    const inherited = { ...nothing, own: false };
    const decide = async () => {
      if (decided++ < 2) return inherited;
      throw new ProctorError('budget-spent', 'spent');
    };
    let decided = 0;
    const { output, called } = await play({ decide });
    expect(output).toEqual({ outcome: 'not-run', error: { code: 'budget-spent', message: 'spent' } });
    expect(called).not.toContain('verify');
  });
});
