import type PQueue from 'p-queue';
import { ProctorError } from '../../errors.ts';
import type { ExecResult } from '../sandbox.ts';
import { type Capture, createCapture } from './capture.ts';
import { createDeadline } from './deadline.ts';
import type { Change, Report, ShellState } from './protocol.ts';
import type { Thread } from './thread.ts';
import { createTurn } from './turn.ts';

export interface Run {
  thread: Thread;
  command: string;
  state: ShellState;
  timeoutMs: number | undefined;
  captureBytes: number;
  signal: AbortSignal;
  changed(change: Change): void;
  /** Shared by the sandboxes of a process: who may run an interpreter. */
  turns: PQueue;
}

type Ending =
  | { kind: 'done'; exitCode: number }
  | { kind: 'failed'; message: string }
  | { kind: 'timed-out' | 'cut' | 'aborted' }
  | { kind: 'died'; reason: Error | undefined };

const killed = 137;

/** Runs one command to its end, which may be the end of the thread. `state` is where the shell stood last. */
export async function runCommand(run: Run): Promise<{ result: ExecResult; state: ShellState | undefined }> {
  const capture = createCapture(run.captureBytes);
  let state: ShellState | undefined;
  const started = performance.now();
  const ending = await new Promise<Ending>((resolve) => {
    const deadline = createDeadline(run.timeoutMs, () => resolve({ kind: 'timed-out' }));
    const turn = createTurn(run, deadline);
    const end = (ending: Ending) => {
      deadline.stop();
      turn.end();
      resolve(ending);
    };
    run.thread.onReport((report: Report) => {
      if (report.kind === 'change') run.changed(report.change);
      else if (report.kind === 'state') state = report.state;
      else if (report.kind === 'turn-asked') turn.ask();
      else if (report.kind === 'turn-over') turn.over();
      else if (report.kind === 'done' || report.kind === 'failed') end(report);
      else if (report.kind === 'output' && !capture.add(report.stream, report.data)) end({ kind: 'cut' });
    });
    void run.thread.gone.then((reason) => end({ kind: 'died', reason }));
    run.signal.addEventListener('abort', () => end({ kind: 'aborted' }), { once: true });
    if (run.signal.aborted) return end({ kind: 'aborted' });
    run.thread.send({ kind: 'run', command: run.command, state: run.state });
  });
  if (ending.kind !== 'done') await run.thread.kill();
  const durationMs = performance.now() - started;
  return { result: { ...outcome(ending, capture), durationMs }, state };
}

function outcome(ending: Ending, capture: Capture): Omit<ExecResult, 'durationMs'> {
  const printed = { stdout: capture.stdout(), stderr: capture.stderr() };
  switch (ending.kind) {
    case 'done':
      return { ...printed, exitCode: ending.exitCode, timedOut: false, captureCut: false };
    case 'timed-out':
      return { ...printed, exitCode: killed, timedOut: true, captureCut: false };
    case 'cut':
      return { ...printed, exitCode: killed, timedOut: false, captureCut: true };
    case 'aborted':
      throw new ProctorError('interrupted', 'the command was called off');
    case 'failed':
      throw new ProctorError('sandbox-failed', `the embedded shell failed: ${ending.message}`);
    case 'died':
      return died(ending.reason, printed);
  }
}

/** As a kernel does it: the command that asked for too much memory is killed, and the machine goes on. */
function died(reason: Error | undefined, printed: { stdout: Buffer; stderr: Buffer }) {
  if ((reason as NodeJS.ErrnoException | undefined)?.code !== 'ERR_WORKER_OUT_OF_MEMORY') {
    throw new ProctorError(
      'sandbox-failed',
      `the embedded shell died: ${reason?.message ?? 'no reason given'}`,
    );
  }
  const stderr = Buffer.concat([printed.stderr, Buffer.from('Killed: out of memory\n')]);
  return { ...printed, stderr, exitCode: killed, timedOut: false, captureCut: false };
}
