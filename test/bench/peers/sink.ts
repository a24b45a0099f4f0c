import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { words } from './command.ts';
import { proctor, task } from './harness.ts';
import { nothingYet, playRound } from './measure.ts';

/** What one more trial has of the network, where the task asks for one that is watched; the peers have no such network. */
export async function sinkTrial(out: string, env: NodeJS.ProcessEnv): Promise<string> {
  const watched = join(out, 'watched');
  cpSync(task, watched, { recursive: true });
  const file = join(watched, 'proctor.toml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"none"', '"sink"'));
  const measured = nothingYet('sink');
  const asked = { trials: 1, concurrency: 1, out, env };
  const harness = {
    ...proctor,
    command: (of: Parameters<typeof proctor.command>[0]) => proctor.command({ ...of, task: watched }),
  };
  await playRound(harness, asked, measured);
  const [log] = measured.logged;
  const found = words.network.filter((name) => log?.text.includes(name)).length;
  return `a name asked of the network is in the log, ${found} of ${words.network.length}`;
}
