import { basename, join } from 'node:path';
import type { ForeignTrial } from '../../src/interop/foreign/foreign-trial.ts';
import { agentIdOf, writeForeignTrial } from '../../src/interop/foreign/write.ts';
import type { RunTrial } from '../../src/schema/run.ts';
import { writeRun } from '../../src/trace/run-file.ts';
import { createTraceWriter } from '../../src/trace/writer.ts';

const calls = 20;
const commands = [
  'grep -rn "total" src | sort | uniq -c | head -20',
  'cd work && python3 -m pytest -q tests 2>&1 | tail -5',
  'git add -A && git commit -m "Mend totals"',
  'for f in *.csv; do cut -d, -f2 "$f" | sort -n > "out/$f"; done',
  'find . -name "*.tmp" -mtime +2 -exec rm {} \\;',
  'curl -s https://api.example.org/orders?page=2 | jq .items',
];

/** All trials by one agent, over so many tasks. */
export interface OneAgent {
  agent: string;
  tasks: number;
}

/** Writes a run of imported trials of 20 calls each into a folder: 29 agents, and tasks that each a few of them tried. */
export function writeImportedRun(dir: string, trials: number, one?: OneAgent): void {
  const listed = Array.from({ length: trials }, (_, index): RunTrial => {
    const trial = `t${index}`;
    const foreign = one ? trialBy(one, index) : trialOf(index);
    const open = (now: () => Date) =>
      createTraceWriter({ dir: join(dir, trial), bodiesDir: join(dir, 'bodies'), secrets: {}, now });
    const head = writeForeignTrial(foreign, {
      run: basename(dir),
      trial,
      proctor: '0.0.0',
      source: '/made',
      open,
    });
    const agent = agentIdOf(foreign);
    return {
      trial,
      task: foreign.task,
      agent,
      attempt: foreign.attempt ?? 1,
      dir: trial,
      status: 'ended',
      outcome: 'submitted',
      head,
    };
  });
  const at = new Date(0).toISOString();
  const agents = [...new Set(listed.map(({ agent }) => agent))];
  writeRun(dir, {
    ...{
      version: 1,
      run: basename(dir),
      proctor: '0.0.0',
      startedAt: at,
      endedAt: at,
      status: 'done',
      pid: 1,
    },
    config: { tasks: [], agents, attempts: 1, seed: '', sandbox: 'none', limits: {}, options: {} },
    skipped: [],
    trials: listed,
  });
}

function trialOf(index: number): ForeignTrial {
  const tools = ['bash', 'read_file', 'send_mail', 'update_order'];
  return {
    task: `task-${index % 500}`,
    instruction: `Put the totals of order ${index} right and tell ann@example.org.`,
    agent: { name: `agent-${(index * 7) % 29}` },
    tools: tools.map((name) => ({ name, description: name, inputSchema: { type: 'object' } })),
    steps: Array.from({ length: calls / 2 }, (_, step) => ({
      text: `I take step ${step}.`,
      usage: { input: 900, output: 60 },
      calls: [0, 1].map((part) => callOf(index, 2 * step + part, tools)),
    })),
    rewards: { reward: index % 2 },
    losses: [],
  };
}

/** Every task has the same words for each agent; what agents do differs a little. */
function trialBy({ agent, tasks }: OneAgent, index: number): ForeignTrial {
  const task = index % tasks;
  return {
    ...trialOf(index * (agent.length + 3)),
    task: `task-${task}`,
    attempt: 1 + Math.floor(index / tasks),
    instruction: `Put the totals of order ${task} right and tell ann@example.org.`,
    agent: { name: agent },
    rewards: { reward: (index + agent.length) % 3 === 0 ? 0 : 1 },
  };
}

function callOf(index: number, at: number, tools: string[]): ForeignTrial['steps'][number]['calls'][number] {
  const tool = tools[at % 2 === 0 ? 0 : 1 + (at % 3)] ?? 'bash';
  const command = `${commands[(index + at) % commands.length]} # ${index}.${at}`;
  const output = `line ${index}.${at} of order 4711, total 12.50, status open\n`.repeat(1 + (at % 5));
  return {
    id: `c${at}`,
    tool,
    arguments:
      tool === 'bash' ? { command } : { order: index, path: `/data/${at}.txt`, text: `order ${index}` },
    result: { content: [{ type: 'text', text: output }], isError: at === 7 },
  };
}
