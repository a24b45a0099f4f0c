import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import type { TraceEvent } from '../../src/schema/trace-event.ts';
import { foldTrial } from '../../src/trace/fold.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { playScript, shellScript } from './play-script.ts';

const provider = embeddedProvider();
afterAll(() => provider.close());

const task = {
  'proctor.toml': `
environment = "shell"
[[milestones]]
name = "noted"
command = "test -s notes"
[verify]
by = "answer"
exact = "done"
`,
};

it('asks the probes while the next decision is awaited, and acts on it only when they have answered', async () => {
  const script = shellScript(['sleep 0.1; echo one > notes', 'echo two >> notes', 'cat notes']);
  const { dir } = await playScript({ task, provider, script });
  const { events: read, bodies } = openTrace(join(dir, 'trace.jsonl'));
  const events = [...read];
  const at = (type: TraceEvent['type'], step: number) =>
    events.findIndex((event) => event.type === type && 'step' in event && event.step === step);
  for (const step of [0, 1, 2]) {
    expect(at('agent.decided', step + 1)).toBeLessThan(at('step.finished', step));
    expect(at('tool.called', step + 1)).toBeGreaterThan(at('step.finished', step));
  }
  const { steps } = foldTrial(events, bodies);
  expect(steps.map(({ milestones }) => milestones)).toEqual(steps.map(() => ({ noted: true })));
  expect(steps.every(({ finished }) => finished)).toBe(true);
});
