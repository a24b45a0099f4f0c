import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/schema/trace-event.ts';
import { foldTrial } from '../../src/trace/fold.ts';
import { createRecorder } from '../../src/trace/recorder.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { createView } from '../../src/trace/view.ts';
import { createTraceWriter } from '../../src/trace/writer.ts';
import { temporaryFolder } from '../folder.ts';
import { trialStarted, writeSampleEvents } from './sample-events.ts';

function recording(secrets: Record<string, string> = {}) {
  const run = temporaryFolder();
  const dir = join(run, 'trial');
  const bodiesDir = join(run, 'bodies');
  const writer = createTraceWriter({ dir, bodiesDir, secrets });
  const seen: TraceEvent[] = [];
  return { dir, bodiesDir, writer, seen, recorder: createRecorder(writer, (event) => void seen.push(event)) };
}

describe('a recorder', () => {
  it('holds at each event what a reader of the trace would fold', () => {
    const { dir, writer, recorder } = recording();
    let checked = 0;
    writeSampleEvents(
      {
        ...writer,
        append(event) {
          const written = recorder.append(event);
          const { events, bodies } = openTrace(dir);
          expect(recorder.trial).toEqual(foldTrial(events, bodies));
          expect(recorder.view({ steps: 1 })).toEqual(
            createView(() => recorder.trial, bodies).at({ steps: 1 }),
          );
          checked += 1;
          return written;
        },
      },
      'trial',
    );
    expect(checked).toBeGreaterThan(20);
    expect(recorder.steps).toEqual(recorder.view({}).steps);
  });

  it('tells of each event once it is part of the trial', () => {
    const { writer, recorder, seen } = recording();
    recorder.append(trialStarted(writer, 'trial'));
    expect(seen.map(({ type, seq }) => [type, seq])).toEqual([['trial.started', 0]]);
  });

  it('knows no trial before one has started', () => {
    expect(() => recording().recorder.trial).toThrow(expect.objectContaining({ code: 'bad-trace' }));
  });

  it('resolves a long body that it has just written without the disk, and no step twice', () => {
    const { bodiesDir, writer, recorder } = recording();
    recorder.append(trialStarted(writer, 'trial'));
    const decide = (step: number) => {
      const text = recorder.bodies.text(`${step} ${'x'.repeat(10_000)}`);
      recorder.append({ type: 'agent.decided', step, decision: { text, calls: [] }, durationMs: 1 });
      recorder.append({ type: 'step.finished', step });
    };
    decide(0);
    rmSync(bodiesDir, { recursive: true });
    const [first] = recorder.steps;
    expect(first?.decision.text).toMatch(/^0 x+$/);
    for (let step = 1; step < 1000; step += 1) {
      recorder.append({ type: 'agent.decided', step, decision: { calls: [] }, durationMs: 1 });
      recorder.append({ type: 'step.finished', step });
    }
    expect(recorder.steps).toHaveLength(1000);
    expect(recorder.steps[0]).toBe(first);
  });

  it('shows the instruction of the phase that began last, where one before it had no step', () => {
    const { writer, recorder } = recording();
    recorder.append(trialStarted(writer, 'trial'));
    recorder.append({ type: 'agent.decided', step: 0, decision: { calls: [] }, durationMs: 1 });
    recorder.append({ type: 'step.finished', step: 0 });
    for (const [phase, instruction] of [
      [1, 'Publish it.'],
      [2, 'Take it back.'],
    ] as const) {
      recorder.append({ type: 'phase.started', phase, instruction });
      expect(recorder.view({}).steps.at(-1)?.begins).toBe(instruction);
    }
  });

  it('shows secrets as they are, and names them in the trace', () => {
    const { writer, recorder, seen } = recording({ TOKEN: 'correct-horse' });
    recorder.append(trialStarted(writer, 'trial'));
    const call = {
      callId: '0.0',
      tool: 'bash',
      malformed: 'echo "correct-horse',
      arguments: recorder.bodies.json({ command: 'echo correct-horse' }),
    };
    recorder.append({ type: 'agent.decided', step: 0, decision: { calls: [call] }, durationMs: 1 });
    recorder.append({ type: 'step.finished', step: 0, notice: 'correct-horse it is' });
    expect(recorder.steps).toMatchObject([
      {
        decision: {
          calls: [{ malformed: 'echo "correct-horse', arguments: { command: 'echo correct-horse' } }],
        },
        notice: 'correct-horse it is',
      },
    ]);
    expect(JSON.stringify(seen)).not.toContain('correct-horse');
  });
});
