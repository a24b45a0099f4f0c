import PQueue from 'p-queue';
import type { Agent } from '../agent/agent.ts';
import { nopAgent } from '../agent/nop.ts';
import { oracleAgent } from '../agent/oracle.ts';
import { scriptedAgent } from '../agent/scripted.ts';
import { madeUpAgent, scriptNames } from './cast.ts';
import { detourOf } from './detour.ts';
import { hiddenMends } from './hidden.ts';
import { mutantsOf } from './mutant.ts';
import { type CheckParts, type Played, play, type Seat } from './play.ts';
import { policyMends } from './policy.ts';
import type { Checked } from './proof.ts';
import { proofsOfTask } from './proofs-of-task.ts';

/**
 * Proves tasks in fresh sandboxes: first what the authors wrote is played, then what is made of the references.
 * Throws `bad-file` where a policy rule does not compile, and the house's failures of a sandbox that is only looked at.
 */
export async function checkTasks(seats: readonly Seat[], parts: CheckParts): Promise<Checked[]> {
  for (const { environment, task } of seats) policyMends([environment, task], []);
  const written = await play(seats.flatMap(writtenCasts), parts);
  const made = await play(
    seats.flatMap((seat) => madeCasts(seat, written)),
    parts,
  );
  const queue = new PQueue({ concurrency: parts.concurrency });
  return queue.addAll(
    seats.map((seat) => async (): Promise<Checked> => {
      const played = [...written, ...made].filter(({ task }) => task === seat.task);
      const hidden = await hiddenMends(seat, parts);
      const { name, dir } = seat.task;
      return { kind: 'task', name, dir, proofs: proofsOfTask(seat, played, hidden) };
    }),
  );
}

function writtenCasts(seat: Seat): (Seat & { agent: Agent })[] {
  const scripted = scriptNames(seat.task).map((name) => scriptedAgent(name));
  return [oracleAgent(), nopAgent(), ...scripted].map((agent) => ({ ...seat, agent }));
}

/** Mutants and detour of a reference; none where the oracle did not come to its end. */
function madeCasts(seat: Seat, written: readonly Played[]): (Seat & { agent: Agent })[] {
  const { reference } = seat.task;
  const oracle = written.find(({ task, agent }) => task === seat.task && agent === 'oracle');
  if (!reference || oracle?.trial.outcome !== 'submitted') return [];
  const detour = detourOf(reference, oracle.trial);
  const agents = [
    ...mutantsOf(reference, oracle.trial).map(({ dropped, script }) =>
      madeUpAgent(`mutant:${dropped}`, script),
    ),
    ...(detour ? [madeUpAgent('detour', detour)] : []),
  ];
  return agents.map((agent) => ({ ...seat, agent }));
}
