import { join } from 'node:path';
import { badFile, displayPath, readText } from '../schema/author-file.ts';
import { isFile, isFolder, readFolder } from '../schema/author-folder.ts';
import type { HarborArtifact, HarborTask, HarborVerifier } from '../schema/harbor-task.ts';
import type { TaskAdditions, Verification } from '../schema/task.ts';
import type { Artifact, Phase, VerifierEnvironment } from './task.ts';

type Step = NonNullable<HarborTask['steps']>[number];

/** What the services of a task hold is not in its files, so that its tests need those that the agent used. */
type Additions = TaskAdditions & { hasServices: boolean };

/** The phases of a task folder: one for each of `[[steps]]`, else one. Throws `bad-file` for a file that is missing or empty. */
export function loadPhases(
  root: string,
  harbor: HarborTask,
  given: TaskAdditions,
  hasServices: boolean,
): [Phase, ...Phase[]] {
  const additions = { ...given, hasServices };
  const [first, ...later] = (harbor.steps ?? []).map((step) => phaseOfStep(root, step, harbor, additions));
  return first ? [first, ...later] : [onlyPhase(root, harbor, additions)];
}

function onlyPhase(root: string, harbor: HarborTask, additions: Additions): Phase {
  const { agent, verifier } = harbor;
  return {
    instruction: readInstruction(join(root, 'instruction.md')),
    files: [],
    tests: readFolder(join(root, 'tests')),
    solution: readFolder(join(root, 'solution')),
    agent,
    verifier,
    minReward: {},
    artifacts: additions.isolation === 'compatible' ? artifactsOf(harbor.artifacts) : [],
    ...verification(verifier, additions, harbor, [root]),
  };
}

function phaseOfStep(root: string, step: Step, harbor: HarborTask, additions: Additions): Phase {
  const dir = join(root, 'steps', step.name);
  if (!isFolder(dir)) {
    const problem = `steps: "${step.name}": expected a folder ${displayPath(dir)}`;
    throw badFile(join(root, 'task.toml'), problem);
  }
  const { agent, verifier, min_reward: least } = step;
  const { timeout_sec: timeout, ...own } = verifier;
  const inherited: HarborVerifier = {
    ...harbor.verifier,
    ...given(own),
    timeout_sec: timeout,
    env: { ...harbor.verifier.env, ...verifier.env },
    collect: [...harbor.verifier.collect, ...verifier.collect],
  };
  return {
    name: step.name,
    instruction: readInstruction(join(dir, 'instruction.md')),
    files: readFolder(join(dir, 'workdir')),
    tests: layered(readFolder(join(root, 'tests')), readFolder(join(dir, 'tests'))),
    solution: readFolder(join(dir, 'solution')),
    agent: { ...harbor.agent, ...given(agent) },
    verifier: inherited,
    minReward: typeof least === 'number' ? { reward: least } : (least ?? {}),
    ...(step.healthcheck && { healthcheck: step.healthcheck }),
    artifacts: artifactsOf(harbor.artifacts, step.artifacts),
    ...verification(
      inherited,
      additions,
      { ...harbor, artifacts: [...harbor.artifacts, ...step.artifacts] },
      [dir, root],
    ),
  };
}

/** The fields of a step that say something. */
function given<T extends object>(fields: T): Partial<T> {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(said) as Partial<T>;
}

function layered<T extends { path: string }>(below: T[], above: T[]): T[] {
  return [...new Map([...below, ...above].map((file) => [file.path, file])).values()];
}

/** How a phase is verified: as proctor.toml says, else as the Harbor format means it. */
function verification(
  verifier: HarborVerifier,
  additions: Additions,
  harbor: HarborTask,
  dirs: string[],
): Pick<Phase, 'verify' | 'verifierEnvironment'> {
  if (additions.verify) return { verify: additions.verify };
  if (additions.isolation === 'hardened')
    return { verify: byScript(additions.hasServices ? 'live' : 'fresh', []) };
  const separate = verifier.environment_mode === 'separate' || Boolean(verifier.environment);
  if (!separate) return { verify: byScript('live', []) };
  const own = verifierEnvironment(verifier, harbor, dirs);
  return {
    verify: byScript(
      'fresh',
      artifactsOf(harbor.artifacts).map(({ source }) => source),
    ),
    ...(own && { verifierEnvironment: own }),
  };
}

const byScript = (where: 'fresh' | 'live', copy: string[]): Verification => ({
  by: 'script',
  where,
  copy,
  range: [0, 1],
});

/** A verifier's own image owns `/tests`; undefined where it is the agent's image. */
function verifierEnvironment(
  verifier: HarborVerifier,
  harbor: HarborTask,
  dirs: string[],
): VerifierEnvironment | undefined {
  const environment = verifier.environment ?? harbor.environment;
  const reference = verifier.environment?.docker_image;
  if (reference) return { image: { kind: 'reference', reference }, environment };
  const context = dirs.map((dir) => join(dir, 'tests')).find((dir) => isFile(join(dir, 'Dockerfile')));
  if (context === undefined) {
    if (!verifier.environment) return undefined;
    const [root = ''] = dirs.slice(-1);
    throw badFile(
      join(root, 'task.toml'),
      `verifier.environment: expected docker_image, or a Dockerfile in tests/`,
    );
  }
  const timeoutSec = environment.build_timeout_sec;
  return { image: { kind: 'build', context, timeoutSec }, environment };
}

function readInstruction(file: string): string {
  const text = readText(file).trim();
  if (text !== '') return text;
  throw badFile(file, `is empty; expected the instruction for the agent`);
}

/** What is always kept. */
const artifactsFolder = '/logs/artifacts';

/** The declared artifacts in one form, and the folder for them that every Harbor task has. */
function artifactsOf(...declared: readonly HarborArtifact[][]): Artifact[] {
  const artifacts = declared.flat().map((one): Artifact => {
    if (typeof one === 'string') return { source: one, destination: one, exclude: [] };
    const { service, source, destination, exclude } = one;
    const isOfService = service && service !== 'main';
    return {
      source: isOfService ? `${service}:${source}` : source,
      destination: destination ?? source,
      exclude,
    };
  });
  return [{ source: artifactsFolder, destination: artifactsFolder, exclude: [] }, ...artifacts];
}
