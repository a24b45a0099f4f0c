import { createHash } from 'node:crypto';
import type { FileTree, NewFile, Sandbox } from '../sandbox/sandbox.ts';
import { installed } from './installed.ts';
import type { Baseline } from './live-trial.ts';

/** Where rewards and tests lie. Nothing but the harness writes there before the verification. */
const rewardPaths = ['/logs/verifier', '/tests'];

/** Programs that every verifier runs on, as far as they are cheap to watch. */
const interpreters = ['bash', 'sh', 'dash', 'env', 'python3'];
const preloads = ['/etc/ld.so.preload', '/etc/ld.so.conf.d', '/etc/ld.so.conf'];
const watched = [
  ...rewardPaths,
  ...preloads,
  ...['/usr/bin', '/usr/local/bin'].flatMap((folder) => interpreters.map((name) => `${folder}/${name}`)),
];

/** Where an image keeps programs and libraries; none of them may be changed or deleted. */
const programs = /^\/(opt\/proctor\/verifier\/|(usr\/(local\/)?)?(s?bin|lib(32|64|x32)?|libexec)\/)/;

/** Files that change how programs run by their mere presence. */
const hooks = [
  /^\/etc\/ld\.so\.(preload|conf|conf\.d\/.*)$/,
  /^\/usr\/local\/s?bin\/(bash|sh|dash|env|python3?|cat|test|grep|diff)$/,
  /^\/(usr|etc|lib|opt)\/.*\/(site|user)customize\.py$/,
  /\/lib\/python[^/]*\/.*\/(site|user)customize\.py$/,
  /\/lib\/python[^/]*\/.*\.pth$/,
];

/** The files that a verification relies on, as they are now. */
export function watchedFiles(sandbox: Sandbox): Promise<FileTree> {
  return sandbox.files.survey(watched);
}

interface Sign {
  op: 'created' | 'changed' | 'deleted';
  path: string;
}

/**
 * The changes to what the verification relies on, one line each. In a live sandbox, where the tests run on the image as the
 * agent left it, the engine is asked too. What a package manager put there, or took away, is ordinary work.
 */
export async function tamperingSigns(
  sandbox: Sandbox,
  { watched: before = {}, changedBefore }: Baseline,
  where: 'fresh' | 'live',
): Promise<string[]> {
  const watchedNow = differences(before, await watchedFiles(sandbox));
  const changed = where === 'live' ? ((await sandbox.files.changed?.()) ?? []) : [];
  const others = changed.filter(({ path, op }) => {
    if (changedBefore.has(`${op} ${path}`)) return false;
    return hooks.some((hook) => hook.test(path)) || (op !== 'created' && programs.test(path));
  });
  const signs = new Map([...watchedNow, ...others].map((sign) => [`${sign.op} ${sign.path}`, sign]));
  const mayBeOrdinary = [...signs.values()].filter(({ path }) => !isForRewards(path));
  const { isAsPut, isListed } = await installed(
    sandbox,
    mayBeOrdinary.map(({ path }) => path),
  );
  const onlyFolders = await pathsOnly(sandbox, mayBeOrdinary);
  const isOrdinary = ({ op, path }: Sign) =>
    op === 'deleted' ? !watched.includes(path) && !isListed(path) : isAsPut(path) || onlyFolders.has(path);
  for (const sign of mayBeOrdinary) if (isOrdinary(sign)) signs.delete(`${sign.op} ${sign.path}`);
  return cut([...signs.keys()]);
}

const isForRewards = (path: string) =>
  rewardPaths.some((folder) => path === folder || path.startsWith(`${folder}/`));

/** The `.pth` files among the signs that add folders and run nothing, as links to packages under work do. */
async function pathsOnly(sandbox: Sandbox, signs: readonly Sign[]): Promise<Set<string>> {
  const harmless = new Set<string>();
  for (const { op, path } of signs) {
    if (op === 'deleted' || !path.endsWith('.pth')) continue;
    const text = await sandbox.files.read(path).catch(() => undefined);
    if (text && !/^import[ \t]/m.test(text.toString('utf8'))) harmless.add(path);
  }
  return harmless;
}

/** The tests that are not as they were written, where something of the agent's lived beside them. */
export async function changedTests(sandbox: Sandbox, tests: readonly NewFile[]): Promise<string[]> {
  const now = await sandbox.files.survey(['/tests']);
  const isAsWritten = ({ path, content, target }: NewFile) =>
    target === undefined
      ? now[path]?.sha256 === createHash('sha256').update(content).digest('hex')
      : now[path]?.target === target;
  return cut(
    tests.filter((file) => !isAsWritten(file)).map(({ path }) => `changed ${path} while the tests ran`),
  );
}

function differences(before: FileTree, after: FileTree): Sign[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((path): Sign[] => {
    const [was, is] = [before[path], after[path]];
    if (!was) return [{ op: 'created', path }];
    if (!is) return [{ op: 'deleted', path }];
    const same = was.type === is.type && was.mode === is.mode && was.sha256 === is.sha256;
    return same && was.target === is.target ? [] : [{ op: 'changed', path }];
  });
}

const maxSigns = 20;

function cut(signs: string[]): string[] {
  const rest = signs.length - maxSigns;
  return rest > 0 ? [...signs.slice(0, maxSigns), `and ${rest} more`] : signs;
}
