import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandsPerTrial } from './command.ts';
import { comparisonTable } from './comparison.ts';
import { harbor, image, inspect, proctor } from './harness.ts';
import { nothingYet, playFloor, playRound } from './measure.ts';
import { type Check, readExports } from './reader.ts';
import { compareRewards } from './reward.ts';
import { setUpPeers } from './set-up.ts';
import { sinkTrial } from './sink.ts';

const rounds = 2;
const trialsPerRound = 10;
const concurrency = 2;
/** What Inspect asks for. */
const engineOfInspect = '24.0.6';
const sample = fileURLToPath(new URL('../../../traces/sample/quickstart', import.meta.url));

/**
 * The same trials under Proctor and its peers in turn: prints what each took and recorded, whether the peers read
 * Proctor's exports, and whether Harbor's tasks, those of a folder of one's own too, get the same rewards under both.
 */
export async function comparePeers(engine: string | undefined, tasks: string | undefined): Promise<void> {
  const { env, versions, missing } = await setUpPeers(console.log);
  console.log([...versions, `image ${image}`].join(', '));
  for (const [what, why] of Object.entries(missing)) console.log(`missing: ${what}: ${why}`);
  const dir = mkdtempSync(join(tmpdir(), 'proctor-peers-run-'));
  const withPeers = !missing.python && !missing.compose && engine !== undefined;
  try {
    if (withPeers && older(engine, engineOfInspect)) {
      console.log(`Inspect asks for engine ${engineOfInspect} or newer; its check is left out here`);
      env.BENCH_ANY_ENGINE = '1';
    }
    if (engine !== undefined) await measure(withPeers ? [proctor, inspect, harbor] : [proctor], dir, env);
    if (missing.python) return;
    const played = engine === undefined ? [] : runsBelow(join(dir, 'Proctor-0', 'log'));
    for (const [index, traces] of [sample, ...played].entries()) {
      print(await readExports(traces, join(dir, `exports-${index}`), env));
    }
    if (withPeers) print(await compareRewards(tasks, join(dir, 'rewards'), env));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure(harnesses: (typeof proctor)[], dir: string, env: NodeJS.ProcessEnv): Promise<void> {
  const measured = harnesses.map((harness) => ({ harness, into: nothingYet(harness.name) }));
  const alone = nothingYet('the engine alone');
  const asked = { trials: trialsPerRound, concurrency };
  for (let round = 0; round < rounds; round++) {
    for (const { harness, into } of measured) {
      await playRound(harness, { ...asked, env, out: join(dir, `${harness.name}-${round}`) }, into);
    }
    await playFloor(image, asked, alone);
  }
  const trials = rounds * trialsPerRound;
  const how = `${commandsPerTrial} commands each, ${concurrency} at a time, in ${rounds} rounds in turn`;
  console.log(`${trials} trials of ${how}; medians (smallest..largest)\n`);
  console.log(comparisonTable([...measured.map(({ into }) => into), alone], trials));
  console.log(`Proctor with \`network = "sink"\`: ${await sinkTrial(join(dir, 'sink'), env)}\n`);
}

const runsBelow = (dir: string) => readdirSync(dir).map((run) => join(dir, run));

function print(checks: readonly Check[]): void {
  for (const { what, failed } of checks)
    console.log(failed ? `failed: ${what}: ${failed}` : `passed: ${what}`);
}

/** Whether the first of two versions of numbers is the older one. */
function older(one: string, other: string): boolean {
  return one.localeCompare(other, undefined, { numeric: true }) < 0;
}
