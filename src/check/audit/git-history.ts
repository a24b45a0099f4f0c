import { inflateSync } from 'node:zlib';
import { sandboxSpec } from '../../environment/sandbox-spec.ts';
import type { NewFile } from '../../sandbox/sandbox.ts';
import { shellWord } from '../../sandbox/shell-word.ts';
import type { CheckParts, TaskSetup } from '../checked-trial.ts';
import { answerIn, filesOf, hiddenIn } from '../leak.ts';

const object = /^(.*?)\/objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/;
const pack = /^(.*?)\/objects\/pack\/[^/]*\.pack$/;
/** Bytes of one packed repository's history that are looked at. */
const packedBytes = 64 * 1024 * 1024;
/** A shorter text may be the same by chance. */
const telling = 16;

/** What the repositories of an untouched sandbox hold of the solution, the tests, the answer, and what the reference leaves. */
export interface History {
  repositories: number;
  problems: string[];
  /** Repositories whose packed history could not be read, and bundles. */
  unread: string[];
}

/** Looks through every object of every repository, those that no branch names too. */
export async function lookThroughHistory(
  setup: TaskSetup,
  outputs: readonly { path: string; text: string }[],
  parts: Pick<CheckParts, 'run' | 'provider' | 'signal'>,
): Promise<History> {
  const spec = sandboxSpec(setup.task, setup.environment, { run: parts.run, trial: 'audit' });
  if (!spec) return { repositories: 0, problems: [], unread: [] };
  const sandbox = await parts.provider.open(spec, parts.signal);
  try {
    const files = await filesOf(sandbox, spec.workdir);
    const packed = [...new Set(files.flatMap(({ path }) => pack.exec(path)?.[1] ?? []))];
    const texts = looseTexts(files);
    const unread = files.map(({ path }) => path).filter((path) => path.endsWith('.bundle'));
    for (const git of packed) {
      const { exitCode, stdout, captureCut } = await sandbox.exec(
        `git --git-dir ${shellWord(git)} cat-file --batch --batch-all-objects`,
        { as: 'harness', captureBytes: packedBytes, env: safe },
      );
      if (exitCode !== 0 || captureCut) unread.push(git);
      texts.push({ git, text: stdout.toString('utf8') });
    }
    const all = new Set([...texts.map(({ git }) => git), ...packed, ...unread]);
    return { repositories: all.size, problems: toldIn(texts, setup, outputs), unread };
  } finally {
    await sandbox.close();
  }
}

/** Git reads repositories of others only where it is told that it may. */
const safe = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' };

interface HistoryText {
  git: string;
  text: string;
}

function looseTexts(files: readonly NewFile[]): HistoryText[] {
  return files.flatMap(({ path, content }) => {
    const git = object.exec(path)?.[1];
    if (git === undefined) return [];
    try {
      const body = inflateSync(content, { maxOutputLength: packedBytes });
      if (body.subarray(0, 5).toString() === 'tree ') return [];
      return [{ git, text: body.subarray(body.indexOf(0) + 1).toString('utf8') }];
    } catch {
      return [];
    }
  });
}

function toldIn(
  texts: readonly HistoryText[],
  { task }: TaskSetup,
  outputs: readonly { path: string; text: string }[],
): string[] {
  const told = texts.flatMap(({ git, text }) => {
    const answer = answerIn(text, task);
    return [
      ...hiddenIn(text, task).map((name) => `the history in ${git} gives ${name} away`),
      ...(answer === undefined ? [] : [`the history in ${git} holds the expected answer "${answer}"`]),
      ...outputs
        .filter((output) => output.text.trim().length >= telling && text.includes(output.text.trim()))
        .map(({ path }) => `the history in ${git} holds what the reference leaves in ${path}`),
    ];
  });
  return [...new Set(told)].map((line) => `${line}: make the repository anew, without what came after`);
}
