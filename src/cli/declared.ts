import { basename, dirname, resolve } from 'node:path';
import papaparse from 'papaparse';
import { contractOf } from '../environment/contract.ts';
import type { Environment } from '../environment/environment.ts';
import { environmentOf } from '../environment/environment-of-task.ts';
import { loadEnvironment } from '../environment/load.ts';
import { ProctorError } from '../errors.ts';
import { isMeant, withDeclared } from '../interop/foreign/declared.ts';
import type { Declared, ForeignTrial } from '../interop/foreign/foreign-trial.ts';
import { compilePolicy } from '../policy/compile.ts';
import { defaultRules } from '../policy/default-rule.ts';
import { ownRules } from '../policy/own.ts';
import { amendPolicy, resolvePolicy } from '../policy/resolve.ts';
import { displayPath, readAuthorFile, readText, validate } from '../schema/author-file.ts';
import { isFile } from '../schema/author-folder.ts';
import { type Declaration, declaration, declaredTrials } from '../schema/declaration.ts';
import { didYouMean } from '../schema/nearest.ts';
import { readPolicyFile } from '../schema/policy-file.ts';
import { clusterName } from '../schema/task.ts';
import { findTasks } from '../task/find.ts';
import type { Task } from '../task/task.ts';

/** Flags that say what records do not. */
export interface DeclaredFlags {
  declare: string[];
  environment?: string;
  policy?: string;
  task?: string;
  agent?: string;
}

export interface Declarations {
  /** A record with all that is declared of it. */
  of(foreign: ForeignTrial): ForeignTrial;
  /** Declared trials and tools that no record had, each as a line. */
  unused(): string[];
}

/** Reads all that is declared. Throws `bad-file`, `bad-flag` or `not-found` where something is mistaken. */
export function declarationsOf(flags: DeclaredFlags): Declarations {
  const said = joined(flags.declare.map(readDeclaration), flags.agent);
  const base = baseOf(flags);
  const meant = new Set<string>();
  const tools = new Set<string>();
  return {
    of(foreign) {
      for (const one of said.trials) if (isMeant(one, foreign)) meant.add(one.trial);
      for (const { name } of foreign.tools) tools.add(name);
      for (const { tool } of foreign.steps.flatMap(({ calls }) => calls)) tools.add(tool);
      return withDeclared(foreign, base, said);
    },
    unused: () => [
      ...said.trials
        .filter(({ trial }) => !meant.has(trial))
        .map(({ trial }) => `trial "${trial}" is declared, but no record is called so`),
      ...Object.keys(said.tools)
        .filter((name) => !tools.has(name))
        .map((name) => `tool "${name}" is declared, but no record has it${didYouMean(name, [...tools])}`),
    ],
  };
}

function readDeclaration(file: string): Declaration {
  if (!file.endsWith('.csv')) return readAuthorFile(file, declaration);
  const rows = papaparse.parse<Record<string, string>>(readText(file), {
    header: true,
    skipEmptyLines: true,
  }).data;
  const trials = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).flatMap(([key, text]) => (text === '' ? [] : [[key, cellOf(key, text)]])),
    ),
  );
  return declaration.parse({ trials: validate(file, trials, declaredTrials) });
}

const texts = new Set(['trial', 'task', 'agent', 'principal', 'outcome', 'started_at', 'ended_at']);
const cellOf = (key: string, text: string) =>
  texts.has(key) || Number.isNaN(Number(text)) ? text : Number(text);

/** Of what several files say of all trials, the last one counts; lists are joined. */
function joined(files: Declaration[], agent: string | undefined): Declaration {
  const all: Declaration = Object.assign(declaration.parse({}), ...files);
  return {
    ...all,
    ...(agent !== undefined && { agent }),
    tools: Object.assign({}, ...files.map(({ tools }) => tools)),
    canaries: files.flatMap(({ canaries }) => canaries),
    injections: files.flatMap(({ injections }) => injections),
    trials: files.flatMap(({ trials }) => trials),
  };
}

function baseOf(flags: DeclaredFlags): Declared {
  const task = flags.task === undefined ? undefined : oneTask(flags.task);
  const environment =
    flags.environment === undefined ? task && environmentOf(task) : environmentAt(flags.environment);
  return {
    tools: environment?.config.tools ?? {},
    task: task ? taskFields(task) : {},
    started: {
      ...(environment && {
        environment: { name: environment.name, digest: environment.digest, state: 'none' },
      }),
      ...policyOf(environment, task, flags.policy),
      ...(task?.additions.principal !== undefined && { principal: task.additions.principal }),
      ...(task && { injections: task.additions.injections }),
      ...(task && environment
        ? { contract: contractOf(task, environment) }
        : environment?.config.contract && { contract: environment.config.contract }),
    },
  };
}

const taskFields = ({ name, dir, digest, tags, difficulty, additions }: Task): Declared['task'] => ({
  ...{ name, path: dir, digest, tags: [...tags, 'imported'], impossible: additions.impossible },
  ...(difficulty !== undefined && { difficulty }),
  ...(additions.cluster && { cluster: clusterName(additions.cluster) }),
});

function oneTask(path: string): Task {
  const [task, ...others] = findTasks([path]);
  if (task && others.length === 0) return task;
  throw new ProctorError(
    'bad-flag',
    `--task ${path}: expected one task, got a suite of ${others.length + 1}`,
  );
}

const environmentAt = (named: string): Environment =>
  isFile(resolve(named, 'environment.toml'))
    ? loadEnvironment(basename(resolve(named)), { roots: [dirname(resolve(named))] })
    : loadEnvironment(named);

/** The rules of environment, task, project and file over the default ones; nothing where none of them is given. */
function policyOf(environment: Environment | undefined, task: Task | undefined, file: string | undefined) {
  if (!environment && !task && file === undefined) return {};
  const none = { rules: [], off: [] };
  const parts = { environment: environment?.policy ?? none, task: task?.policy ?? none };
  const resolved = amendPolicy(resolvePolicy({ defaults: defaultRules, ...parts }), ownRules());
  const policy = file === undefined ? resolved : amendPolicy(resolved, readPolicyFile(file));
  compilePolicy(policy, file === undefined ? 'policy' : displayPath(file));
  return { policy: JSON.stringify(policy) };
}
