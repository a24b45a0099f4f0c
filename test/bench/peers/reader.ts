import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { filesBelow, inspectTrials } from './log.ts';

const run = promisify(execFile);
const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

/** Something that either holds or does not, with the reason. */
export interface Check {
  what: string;
  failed?: string;
}

/** Exports a run and opens what was written by the peers' own readers. */
export async function readExports(traces: string, out: string, env: NodeJS.ProcessEnv): Promise<Check[]> {
  const logs = join(out, 'inspect');
  const trajectories = join(out, 'atif');
  mkdirSync(logs, { recursive: true });
  const ending = (dir: string, end: string) => filesBelow(dir).filter((path) => path.endsWith(end));
  const trials = ending(traces, '/trace.jsonl').length;
  const exported = (format: string, to: string) =>
    run(process.execPath, [cli, 'export', traces, '--to', format, '-o', to], { env });
  return [
    await checked(
      `Inspect’s read_eval_log on ${trials} trials: rewards and the model’s answers`,
      async () => {
        await exported('inspect', join(logs, 'proctor.eval'));
        const read = await inspectTrials(logs, env);
        if (read.length !== trials) throw new Error(`${read.length} samples`);
        const without = read.filter(({ reward, models }) => reward === undefined || models === 0).length;
        if (without > 0) throw new Error(`${without} samples have no reward or no answer of the model`);
      },
    ),
    await checked('Inspect’s `log dump` of them', async () => {
      for (const log of ending(logs, '.eval')) {
        const { stdout } = await run('inspect', ['log', 'dump', log], { env, maxBuffer: 1 << 30 });
        JSON.parse(stdout);
      }
    }),
    await checked('Inspect’s `view bundle` of them: the viewer’s pages and its list of logs', async () => {
      const bundle = join(out, 'bundle');
      await run('inspect', ['view', 'bundle', '--log-dir', logs, '--output-dir', bundle], { env });
      const listed = Object.keys(JSON.parse(readFileSync(join(bundle, 'logs/listing.json'), 'utf8')));
      const [are, should] = [listed.length, ending(logs, '.eval').length];
      if (are !== should) throw new Error(`${are} of ${should} logs are listed`);
    }),
    await checked(`Harbor’s trajectory validator on ${trials} trials`, async () => {
      await exported('atif', trajectories);
      const files = ending(trajectories, '.json');
      if (files.length !== trials) throw new Error(`${files.length} trajectories`);
      for (const file of files)
        await run('python', ['-m', 'harbor.utils.trajectory_validator', file], { env });
    }),
  ];
}

/** Passed, or failed with the first lines of why. */
async function checked(what: string, test: () => Promise<unknown>): Promise<Check> {
  try {
    await test();
    return { what };
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      message,
    } = error as { stdout?: string; stderr?: string; message: string };
    return { what, failed: `${message} ${stdout} ${stderr}`.replace(/\s+/g, ' ').slice(0, 400) };
  }
}
