import { posix } from 'node:path';
import { sandboxSpec } from '../environment/sandbox-spec.ts';
import type { NewFile, Sandbox } from '../sandbox/sandbox.ts';
import type { Task } from '../task/task.ts';
import type { CheckParts, TaskSetup } from './checked-trial.ts';

/** Where images keep what is theirs, beside the workdir. */
const roots = [
  '/solution',
  '/tests',
  '/home',
  '/root',
  '/opt',
  '/srv',
  '/app',
  '/data',
  '/logs',
  '/mnt',
  '/tmp',
  '/etc',
  '/usr/local',
  '/usr/src',
  '/var/backups',
  '/var/log',
  '/var/opt',
  '/var/spool',
  '/var/tmp',
  '/var/www',
];
/** Characters from which a line of a script in the instruction is no chance. */
const longLine = 40;

/** What the agent could read of the solution, the tests or the answer: in its instruction, or in an untouched sandbox. */
export async function leakProblems(setup: TaskSetup, parts: CheckParts): Promise<string[]> {
  const { task, environment } = setup;
  const words = [
    { name: 'instruction.md', text: task.instruction },
    { name: `guidance of ${environment.name}`, text: environment.guidance ?? '' },
  ];
  return [...words.flatMap((word) => inWords(word, task)), ...inFiles(await untouched(setup, parts), task)];
}

function inWords({ name, text }: { name: string; text: string }, task: Task): string[] {
  const answer = answerIn(text, task);
  const lines = hiddenFiles(task).flatMap((file) =>
    file.lines
      .filter((line) => line.length >= longLine && text.includes(line))
      .map((line) => `${name} holds a line of ${file.name} (${line}): take it out`),
  );
  return answer === undefined
    ? lines
    : [`${name} holds the expected answer "${answer}": take it out, or ask for something else`, ...lines];
}

/** The expected answer where it stands in a text; undefined where it does not, or there is none to look for. */
export function answerIn(text: string, task: Task): string | undefined {
  const { verify } = task.additions;
  if (verify.by !== 'answer') return undefined;
  const expected = verify.exact ?? (verify.number === undefined ? verify.pattern : String(verify.number));
  if (expected === undefined || expected.length < 3) return undefined;
  if (verify.pattern === undefined) return standsIn(literal(expected), text) ? expected : undefined;
  return standsIn(verify.pattern, text) ? verify.pattern : undefined;
}

const standsIn = (pattern: string, text: string) =>
  new RegExp(`(?<![\\w.])(?:${pattern})(?![\\w]|\\.\\d)`, 'i').test(text);
const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

async function untouched({ task, environment }: TaskSetup, parts: CheckParts): Promise<NewFile[]> {
  const spec = sandboxSpec(task, environment, { run: parts.run, trial: 'check' });
  if (!spec) return [];
  const sandbox = await parts.provider.open(spec, parts.signal);
  try {
    return await filesOf(sandbox, spec.workdir);
  } finally {
    await sandbox.close();
  }
}

/** The files of a sandbox where an image or a task may have put any. */
export function filesOf(sandbox: Pick<Sandbox, 'files'>, workdir: string): Promise<NewFile[]> {
  const others = roots.filter((root) => !isBelow(workdir, root) && !isBelow(root, workdir));
  const above = roots.find((root) => isBelow(workdir, root));
  return sandbox.files.collect([above ?? workdir, ...others]);
}

const isBelow = (path: string, root: string) => path === root || path.startsWith(`${root}/`);

function inFiles(files: NewFile[], task: Task): string[] {
  return files.flatMap(({ path, content }) => {
    const told = toldByPlace(path);
    if (told) return [`the sandbox holds ${path}, ${told}: take it out of environment/ or the image`];
    const text = Buffer.from(content).toString('utf8');
    return hiddenIn(text, task).map(
      (name) =>
        `the sandbox holds ${path}, which gives ${name} away: take it out of environment/ or the image`,
    );
  });
}

function toldByPlace(path: string): string | undefined {
  if (isBelow(path, '/solution')) return 'part of a solution';
  if (isBelow(path, '/tests')) return 'part of the tests';
  const name = posix.basename(path);
  if (name === 'reference.json' || name === 'solve.sh') return 'a solution by its name';
  return name === 'proctor.toml' ? 'which says how the task is verified' : undefined;
}

/** A file that the agent must not see. */
interface HiddenFile {
  /** Relative to the task's folder. */
  name: string;
  text: string;
  /** Lines that would give it away, trimmed. */
  lines: string[];
}

const code = /\.(sh|bash|py|js|mjs|ts|rb|pl|sql|awk|jq)$/;
const telling = /(expected|answer|solution|reward)/i;
/** Characters from which a line of a script is unlikely to stand elsewhere by chance. */
const shortest = 24;

/** Solution, tests and reference of a task. Data of tests counts only where its name says what it is: inputs are often repeated there. */
function hiddenFiles(task: Task): HiddenFile[] {
  const solution = task.solution.map((file) => hidden(`solution/${file.path}`, file.content));
  const tests = task.tests
    .filter(({ path }) => code.test(path) || telling.test(path))
    .map((file) => hidden(`tests/${file.path}`, file.content));
  return [...solution, ...tests].filter(({ text }) => text !== '');
}

function hidden(name: string, content: Uint8Array): HiddenFile {
  const text = Buffer.from(content).toString('utf8').trim();
  return { name, text, lines: code.test(name) ? distinctive(text, shortest) : [] };
}

/** Long lines of a text that are no comments. */
function distinctive(text: string, length: number): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return [...new Set(lines.filter((line) => line.length >= length && !line.startsWith('#')))];
}

/** The names of the solution's and the tests' files that a text gives away. */
export const hiddenIn = (text: string, task: Task): string[] =>
  hiddenFiles(task)
    .filter((file) => givesAway(text, file))
    .map(({ name }) => name);

/** Whether a text is a hidden file, or has half of its telling lines. */
function givesAway(text: string, file: HiddenFile): boolean {
  if (text.trim() === file.text) return true;
  if (file.lines.length === 0) return false;
  const shared = file.lines.filter((line) => text.includes(line));
  return shared.length * 2 >= file.lines.length;
}
