import { cpus, loadavg } from 'node:os';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { sandboxSpec } from '../../src/environment/sandbox-spec.ts';
import { connectEngine, engineAnswers } from '../../src/sandbox/docker/engine.ts';
import { imagesOf } from '../../src/sandbox/docker/image.ts';
import { dockerProvider } from '../../src/sandbox/docker/provider.ts';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import { findTasks } from '../../src/task/find.ts';
import { adaptiveTable } from './adaptive.ts';
import { measureBudget } from './budget.ts';
import { measureComparing } from './comparing.ts';
import { contaminationTable } from './contamination.ts';
import { type Figure, figureTable } from './figure.ts';
import { coverageTable } from './intervals.ts';
import { measureJudging } from './judging.ts';
import { measureMany } from './many.ts';
import { measureMemory } from './memory.ts';
import { measureNetwork } from './network.ts';
import { comparePeers } from './peers/main.ts';
import { measureQueue, measureStorm } from './queue.ts';
import { measureReplay } from './replay.ts';
import { measureScoring } from './scoring.ts';
import { measureSetUp } from './set-up.ts';
import { measureStartUp } from './start-up.ts';
import { measureThroughput } from './throughput.ts';
import { measureToolCalls } from './tool-call.ts';
import { measureTraceEvents } from './trace-events.ts';
import { benchTask } from './trials.ts';
import { verdictTable } from './verdicts.ts';

const concurrentTrials = 100;
const engine = await engineAnswers();

/** The image that both sides share, built where it is missing, and what a trial asks of a sandbox. */
async function shellSandbox() {
  const [task] = findTasks([benchTask('calls')]);
  const labels = { run: 'bench', trial: 'bench' };
  const spec = task && sandboxSpec(task, environmentOf(task), labels);
  if (!spec) throw new Error('the task of the bench has no sandbox');
  const { Id: image } = await imagesOf(connectEngine())(spec.image, console.error);
  return { spec, image };
}

const docker = (poolSize: number) => dockerProvider({ runId: 'bench', poolSize });

const parts: Record<string, { needsEngine?: true; measure(): Promise<Figure[]> }> = {
  'tool-call': {
    needsEngine: true,
    measure: async () => measureToolCalls(docker(1), (await shellSandbox()).image),
  },
  'set-up': {
    needsEngine: true,
    measure: async () => {
      const { spec, image } = await shellSandbox();
      return measureSetUp(spec, image);
    },
  },
  judging: { needsEngine: true, measure: () => measureJudging(docker(1)) },
  network: { needsEngine: true, measure: () => measureNetwork(() => docker(0)) },
  replay: {
    needsEngine: true,
    measure: async () => measureReplay(() => docker(0), (await shellSandbox()).image),
  },
  'throughput-docker': {
    needsEngine: true,
    measure: async () => measureThroughput(docker, (await shellSandbox()).image),
  },
  'throughput-embedded': { measure: () => measureThroughput(() => embeddedProvider()) },
  memory: { measure: () => measureMemory(concurrentTrials) },
  many: { measure: measureMany },
  scoring: { measure: measureScoring },
  comparing: { measure: measureComparing },
  'start-up': { measure: measureStartUp },
  'trace-events': { measure: measureTraceEvents },
  queue: { measure: measureQueue },
  storm: {
    measure: async () => {
      console.log(await measureStorm());
      return [];
    },
  },
  budget: {
    measure: async () => {
      console.log(await measureBudget());
      return [];
    },
  },
  intervals: {
    measure: async () => {
      console.log(coverageTable());
      return [];
    },
  },
  adaptive: {
    measure: async () => {
      console.log(adaptiveTable());
      return [];
    },
  },
  contamination: {
    measure: async () => {
      console.log(contaminationTable());
      return [];
    },
  },
  verdicts: {
    measure: async () => {
      console.log(verdictTable());
      return [];
    },
  },
};

const wanted = process.argv[2] ?? '';
const chosen = Object.entries(parts).filter(([name]) => name.includes(wanted));
const peers = wanted === 'peers';
if (chosen.length === 0 && !peers) {
  throw new Error(`no part "${wanted}"; there is ${Object.keys(parts).join(', ')}, peers`);
}

const load = () => loadavg().map((value) => value.toFixed(1));
const [model] = cpus();
console.log(
  `Node ${process.version}, ${cpus().length} × ${model?.model}, load ${load().join(' ')} at the start`,
);
console.log(engine.ok ? `engine ${engine.version}` : `no engine: ${engine.reason}`);

const figures: Figure[] = [];
for (const [name, { needsEngine, measure }] of chosen) {
  if (needsEngine && !engine.ok) console.log(`${name}: not measured, since no engine answers`);
  else figures.push(...(await measure()));
}
if (peers) await comparePeers(engine.ok ? engine.version : undefined, process.argv[3]);
const atEnd = `load ${load().join(' ')} at the end`;
if (figures.length === 0) console.log(atEnd);
else console.log(`${atEnd}; medians (smallest..largest)\n\n${figureTable(figures)}`);
