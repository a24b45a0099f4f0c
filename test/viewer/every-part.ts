import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logFile } from '../../src/trace/location.ts';
import { beginTrial, type MadeTrial, noRecursiveDelete, writeMadeRun } from './made-run.ts';

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const [old, now] = ['a'.repeat(64), 'b'.repeat(64)];
const edit = {
  command: 'str_replace',
  path: '/work/plan',
  old_str: 'first\ngo left',
  new_str: 'first\ngo right',
};

/** The step of each part that a page can show of one. */
export const stepOf = { output: 0, fileChange: 1, edit: 2, network: 3, unsafe: 4 } as const;

/** A run `made` with a trial `one`, in whose steps there is something for every tab, and its fork `two`. */
export function fillEveryPart(dir: string): void {
  const runDir = join(dir, 'made');
  const trial = beginTrial(runDir, 'one', { rules: [noRecursiveDelete] });
  trial.step({
    request: JSON.stringify({ messages: [{ role: 'user', content: 'Do it, please.' }] }),
    costUsd: 0.25,
    calls: [
      { args: { command: 'shoot' }, content: [{ type: 'image', mimeType: 'image/png', data: pixel }] },
      { args: { command: 'ls' }, content: [{ type: 'text', text: 'plain \u001b[1;31mred alert\u001b[0m' }] },
      {
        args: { command: 'cat' },
        content: [{ type: 'text', text: '{"rooms":{"attic":["trunk"]},"id":1234567890123456789}' }],
      },
    ],
  });
  trial.step({ say: 'Now I write.', calls: [{ args: { command: 'edit' }, content: [] }] });
  changeFile(trial);
  trial.step({ calls: [{ tool: 'str_replace_based_edit_tool', args: edit, content: [] }] });
  trial.step({ calls: [{ args: { command: 'curl https://collector.example' }, content: [] }] });
  attemptNetwork(trial);
  trial.step({
    calls: [
      { args: { command: 'rm -rf build' }, content: [] },
      { args: { command: 'make' }, content: [{ type: 'text', text: 'no rule' }], isError: true },
    ],
  });
  const fork = beginTrial(runDir, 'two', { parent: { trace: 'made/one', step: 0 } });
  fork.step({ calls: [{ args: { command: 'other' }, content: [] }] });
  writeMadeRun(runDir, { one: trial.end({ reward: 0 }), two: fork.end({ reward: 1 }) });
  writeLog(runDir);
}

function changeFile({ writer }: MadeTrial): void {
  const entry = { type: 'file', mode: '644', size: 8 };
  const [before, after] = [
    { ...entry, sha256: old },
    { ...entry, sha256: now },
  ];
  writer.append({
    type: 'state.observed',
    step: stepOf.fileChange,
    digest: now,
    changed: 2,
    changes: writer.bodies.json([
      { path: '/work/notes', op: 'changed', before, after },
      { path: '/rooms/attic/owner', op: 'changed', before: 'the old owner', after: 'the new owner' },
    ]),
    contents: { [old]: 'one\ntwo\n', [now]: `one\n${'2 '.repeat(3000)}\n` },
    durationMs: 1,
  });
}

function attemptNetwork({ writer }: MadeTrial): void {
  writer.append({
    type: 'network.attempted',
    step: stepOf.network,
    callId: `${stepOf.network}.0`,
    attempt: {
      protocol: 'http',
      verdict: 'sunk',
      host: 'collector.example',
      address: '198.18.0.7',
      port: 80,
      method: 'POST',
      path: '/take',
      size: 12,
    },
    payload: 'all the keys',
  });
}

/** A line while the unsafe step went on, one of another time and one of another trial. */
function writeLog(runDir: string): void {
  const events = readFileSync(join(runDir, 'one', 'trace.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { at } = events.find(({ type, step }) => type === 'step.finished' && step === stepOf.unsafe);
  const lines = [
    { level: 30, time: 0, trial: 'one', msg: 'the sandbox was set up' },
    { level: 40, time: Date.parse(at), trial: 'one', msg: 'a server grumbled' },
    { level: 40, time: Date.parse(at), trial: 'two', msg: 'of another' },
  ];
  writeFileSync(join(runDir, logFile), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
