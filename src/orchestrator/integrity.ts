import type { FileTree, Sandbox } from '../sandbox/sandbox.ts';
import type { Baseline } from './live-trial.ts';

/** What marks a trial. Nobody but the harness has business there before it is verified. */
const mark = ['/logs/verifier', '/tests'];

/** What every verifier runs on, as far as it can be watched cheaply. */
const interpreters = ['bash', 'sh', 'dash', 'env', 'python3'];
const preloads = ['/etc/ld.so.preload', '/etc/ld.so.conf.d', '/etc/ld.so.conf'];
const watched = [
  ...mark,
  ...preloads,
  ...['/usr/bin', '/usr/local/bin'].flatMap((folder) => interpreters.map((name) => `${folder}/${name}`)),
];

/** Where an image keeps programs and libraries; what it brought there stays as it is in a sandbox that can be relied on. */
const programs = /^\/(opt\/proctor\/verifier\/|(usr\/(local\/)?)?(s?bin|lib(32|64|x32)?|libexec)\/)/;

/** What changes how programs run by being there at all. */
const hooks = [
  /^\/etc\/ld\.so\.(preload|conf|conf\.d\/.*)$/,
  /^\/usr\/local\/s?bin\/(bash|sh|dash|env|python3?|cat|test|grep|diff)$/,
  /^\/(usr|etc|lib|opt)\/.*\/(site|user)customize\.py$/,
  /\/lib\/python[^/]*\/.*\.pth$/,
];

/** The files whose change a verification must know of, as they are now. */
export function watchedFiles(sandbox: Sandbox): Promise<FileTree> {
  return sandbox.files.survey(watched);
}

/**
 * What was changed of the mark and of what the verification relies on, one sentence each. In a live sandbox, where
 * the tests will run on the image as the agent left it, the engine is asked too.
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
