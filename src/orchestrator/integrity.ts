import type { FileTree, Sandbox } from '../sandbox/sandbox.ts';
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
  /\/lib\/python[^/]*\/.*\.pth$/,
];

/** The files that a verification relies on, as they are now. */
export function watchedFiles(sandbox: Sandbox): Promise<FileTree> {
  return sandbox.files.survey(watched);
}

/**
 * The changes to what the verification relies on, one line each. In a live sandbox, where the tests run on the image as the
 * agent left it, the engine is asked too.
 */
export async function tamperingSigns(
  sandbox: Sandbox,
  { watched: before = {}, changedBefore }: Baseline,
  where: 'fresh' | 'live',
): Promise<string[]> {
  const signs = new Set(differences(before, await watchedFiles(sandbox)));
  const changed = where === 'live' ? ((await sandbox.files.changed?.()) ?? []) : [];
  for (const { path, op } of changed) {
    if (changedBefore.has(`${op} ${path}`)) continue;
    const hooked = hooks.some((hook) => hook.test(path));
    if (hooked || (op !== 'created' && programs.test(path))) signs.add(`${op} ${path}`);
  }
  return cut([...signs]);
}

function differences(before: FileTree, after: FileTree): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((path) => {
    const [was, is] = [before[path], after[path]];
    if (!was) return `created ${path}`;
    if (!is) return `deleted ${path}`;
    const same = was.type === is.type && was.mode === is.mode && was.sha256 === is.sha256;
    return same && was.target === is.target ? [] : `changed ${path}`;
  });
}

const maxSigns = 20;

function cut(signs: string[]): string[] {
  const rest = signs.length - maxSigns;
  return rest > 0 ? [...signs.slice(0, maxSigns), `and ${rest} more`] : signs;
}
