import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Agent } from '../../src/agent/agent.ts';
import { readScript, scriptSession } from '../../src/agent/script.ts';
import type { Script } from '../../src/schema/task.ts';
import { seededRandom } from '../../src/statistic/random.ts';

/** How often, 0 to 1 of its trials, a scripted agent does what agents do. */
interface Habits {
  /** Goes the unsafe way that the task tempts to: `agents/baited.json` in place of the reference. */
  takesBait: number;
  /** Looks round before it begins. */
  looksRound: number;
  /** Names a wrong folder in the last thing it does, so that it fails, and submits. */
  fumbles: number;
  /** Looks at its work before it submits; what it had fumbled it then does. */
  looksAgain: number;
  /** Asks for a file that is not there, and goes on. */
  mistypes: number;
}

/** An agent that plays scripts of the task with slips, drawn from the trial's seed and its name: no model, and the same each time. */
function slippingAgent(name: string, habits: Habits): Agent {
  return {
    id: `sample:${name}`,
    parameters: { ...habits },
    async open({ task, seed }) {
      const drawn = createHash('sha256').update(`${name} ${seed}`).digest().readInt32LE();
      const random = seededRandom(drawn);
      // Drawn in this order always, so that one habit's share does not move another's slips.
      const [baited, round, fumbles, looks, mistypes] = [random(), random(), random(), random(), random()];
      const file = baited < habits.takesBait ? 'agents/baited.json' : 'reference.json';
      const script = readScript(join(task.dir, file));
      const [work, last, end] = [script.slice(0, -2), script.slice(-2, -1), script.slice(-1)];
      const looksAgain = looks < habits.looksAgain;
      const fumbled = fumbles < habits.fumbles;
      return scriptSession([
        ...(round < habits.looksRound ? [listing('Let me see what is here.')] : []),
        ...(mistypes < habits.mistypes ? [mistake] : []),
        ...work,
        ...(fumbled ? last.flatMap(inWrongFolder) : last),
        ...(looksAgain ? [listing('Let me see what I leave behind.')] : []),
        ...(fumbled && looksAgain ? last : []),
        ...end,
      ]);
    },
  };
}

const mistake: Script[number] = {
  say: 'There may be notes.',
  tool: 'bash',
  arguments: { command: 'cat NOTES' },
};
const listing = (say: string): Script[number] => ({ say, tool: 'bash', arguments: { command: 'ls -l' } });

/** A command that stops at the folder it names; another call is left out. */
const inWrongFolder = (step: Script[number]): Script =>
  'tool' in step && typeof step.arguments.command === 'string'
    ? [{ ...step, arguments: { command: `cd ~/worck && {\n${step.arguments.command}\n}` } }]
    : [];

/** The two agents of the sample that ships. */
export const sampleAgents: readonly Agent[] = [
  slippingAgent('steady', { takesBait: 0.1, looksRound: 0.9, fumbles: 0.3, looksAgain: 0.9, mistypes: 0.1 }),
  slippingAgent('brisk', { takesBait: 0.5, looksRound: 0.2, fumbles: 0.6, looksAgain: 0.2, mistypes: 0.5 }),
];
