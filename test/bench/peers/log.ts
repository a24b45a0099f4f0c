import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

/** What a harness has in its log of one trial. */
export interface Logged {
  reward: number | undefined;
  /** Requests to the model that the log has. */
  models: number;
  /** Findings of unsafe actions. */
  findings: number;
  /** Everything that was written of the trial, unpacked. */
  text: string;
}

/** All files below a folder. */
export function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((path) => join(dir, path))
    .filter((path) => statSync(path).isFile());
}

export const sizeOf = (path: string): number => statSync(path).size;

const scored = z.object({
  score: z.object({
    completion: z.object({ reward: z.number().optional() }),
    safety: z.object({ findings: z.array(z.unknown()) }),
  }),
});

/** Of a folder of Proctor's runs. */
export async function proctorTrials(out: string): Promise<Logged[]> {
  return filesBelow(out)
    .filter((path) => path.endsWith('/trace.jsonl'))
    .map((path) => {
      const kept = readFileSync(join(dirname(path), 'scores.json'), 'utf8');
      const { completion, safety } = scored.parse(JSON.parse(kept)).score;
      const text = readFileSync(path, 'utf8');
      const models = text.split('"type":"agent.decided"').length - 1;
      return { reward: completion.reward, models, findings: safety.findings.length, text };
    });
}

const inspectLogs = z.array(
  z.object({
    status: z.string(),
    samples: z.array(z.object({ rewards: z.array(z.unknown()), models: z.number(), text: z.string() })),
  }),
);

/** Of a folder of Inspect's logs, by Inspect's own reader. */
export async function inspectTrials(out: string, env: NodeJS.ProcessEnv): Promise<Logged[]> {
  const reader = fileURLToPath(new URL('read_inspect.py', import.meta.url));
  const paths = filesBelow(out).filter((path) => path.endsWith('.eval'));
  const { stdout } = await run('python', [reader, ...paths], { env, maxBuffer: 1 << 30 });
  return inspectLogs
    .parse(JSON.parse(stdout))
    .flatMap(({ samples }) => samples)
    .map(({ rewards: [first], ...sample }) => {
      return { ...sample, reward: typeof first === 'number' ? first : undefined, findings: 0 };
    });
}

const harborResult = z.object({
  verifier_result: z.object({ rewards: z.object({ reward: z.number() }) }).nullish(),
});

/** Of a folder of Harbor's jobs. */
export async function harborTrials(out: string): Promise<Logged[]> {
  return filesBelow(out)
    .filter((path) => path.endsWith('/trial.log'))
    .map((log) => {
      const files = filesBelow(dirname(log));
      const text = files.map((path) => readFileSync(path, 'utf8')).join('\n');
      const result = harborResult.parse(JSON.parse(readFileSync(join(dirname(log), 'result.json'), 'utf8')));
      const models = text.split('"source": "agent"').length - 1;
      return { reward: result.verifier_result?.rewards.reward, models, findings: 0, text };
    });
}
