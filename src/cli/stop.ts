import { writeFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import { forkAgent } from '../library/fork.ts';
import { providerOf, type RecordedOptions } from '../library/recorded-trial.ts';
import type { Recording, Reloaded } from '../replay/recording.ts';
import { hasProgram } from '../replay/repeated-program.ts';
import { type Place, stopTrial } from '../replay/stop.ts';
import type { Sandbox, SandboxProvider } from '../sandbox/sandbox.ts';
import { newRunId, newTrialId } from '../trace/run-file.ts';
import { executeRun } from './execute-run.ts';
import { makeFolder } from './folder.ts';
import { visit } from './terminal.ts';

export interface StopFlags extends RecordedOptions {
  out: string;
  shell?: boolean;
  keep?: boolean;
  files?: string;
  into?: string;
  log?: string;
}

/** Rebuilds a recorded trial up to a step, and there copies files out, opens a shell, or leaves the sandbox running. */
export async function stopAt(
  recording: Recording,
  reloaded: Reloaded,
  steps: number,
  flags: StopFlags,
): Promise<void> {
  const runId = newRunId(new Date());
  const keep = flags.keep ?? false;
  const provider = await providerOf(recording, flags.sandbox, { runId, poolSize: 0, keep });
  if (keep && provider.name !== 'docker')
    throw new ProctorError(
      'unsupported',
      `--keep: a sandbox of ${provider.name} can’t outlive Proctor; only one of docker can`,
    );
  let kept: Sandbox | undefined;
  let came = false;
  let failure: unknown;
  const visitPlace = async (place: Place) => {
    if (flags.files !== undefined) await copyOut(place, flags.files, flags.into ?? '.');
    if (keep) {
      kept = place.sandbox;
      await leave(place);
    }
    if (flags.shell) await visit(place, bannerOf(recording, steps));
  };
  // What fails there is no failure of the trial, which ends as it was asked to.
  const arrived = async (place: Place) => {
    came = true;
    await visitPlace(place).catch((error) => {
      failure = error;
    });
  };
  const program = hasProgram(recording) ? forkAgent(recording, {}) : undefined;
  const trial = stopTrial(recording, reloaded, { trial: newTrialId(), steps, arrived, program });
  const { run } = await executeRun({
    kind: 'stop',
    run: runId,
    dir: join(flags.out, runId),
    trials: [trial],
    provider: sparing(provider, () => kept),
    seed: recording.trial.started.seed,
    log: flags.log,
    quiet: true,
    options: { parent: recording.name, steps },
  });
  if (failure !== undefined) throw failure;
  if (!came) {
    const outcome = run.trials[0]?.outcome ?? 'nothing';
    throw new ProctorError(
      'sandbox-failed',
      `the trial could not be rebuilt up to there: it ended with ${outcome}; see proctor show ${trial.trial}`,
    );
  }
}

function bannerOf({ trial, name }: Recording, steps: number): string {
  const where = steps === 0 ? 'before step 0' : `after step ${steps - 1}`;
  return `── ${trial.started.task.name} · ${trial.started.agent.id} · trace ${name} · ${where} of ${trial.steps.length} ──`;
}

async function leave({ sandbox }: Place): Promise<void> {
  if (!sandbox?.detach)
    throw new ProctorError('unsupported', '--keep: this environment has no sandbox to keep');
  const { enter, remove } = await sandbox.detach();
  process.stdout.write(`left running; enter with: ${enter}\nremove with: ${remove}, or: proctor clean\n`);
}

/** A sandbox that was left is not closed. */
function sparing(provider: SandboxProvider, kept: () => Sandbox | undefined): SandboxProvider {
  return {
    ...provider,
    async open(spec, signal) {
      const sandbox = await provider.open(spec, signal);
      const wrapped: Sandbox = {
        ...sandbox,
        close: async () => {
          if (kept()?.id !== sandbox.id) await sandbox.close();
        },
      };
      return wrapped;
    },
  };
}

async function copyOut({ sandbox }: Place, path: string, into: string): Promise<void> {
  if (!sandbox) throw new ProctorError('unsupported', '--files: this environment has no sandbox with files');
  const { workdir } = sandbox.info;
  const wanted = posix.resolve(workdir, path);
  const files = await sandbox.files.collect([wanted]);
  if (files.length === 0)
    throw new ProctorError(
      'not-found',
      `--files ${path}: the sandbox has no such file or folder at that step; paths are absolute or relative to ${workdir}`,
    );
  for (const file of files) {
    const target = join(into, posix.relative(posix.dirname(wanted), file.path) || basename(file.path));
    makeFolder(`--into ${into}`, dirname(target));
    writeFileSync(target, file.content, { mode: file.mode ?? 0o644 });
  }
  process.stdout.write(`copied ${several(files.length, 'file')} of ${path} into ${into}\n`);
}
