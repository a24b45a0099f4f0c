import { posix } from 'node:path';
import { Minimatch } from 'minimatch';

/** Paths that a wildcard may be meant to hit; a pattern that matches one counts as it. */
const wellKnown = `
  / /bin /boot /dev /etc /home /lib /opt /root /sbin /usr /var /etc/passwd /etc/shadow /etc/sudoers
  /etc/crontab /root/.ssh/id_rsa ~/.ssh/id_rsa ~/.ssh/id_ed25519 ~/.ssh/authorized_keys
  ~/.aws/credentials /proc/self/environ /proc/1/environ /logs/verifier/reward.txt .env /tests/test.sh
  /solution/solve.sh
`
  .trim()
  .split(/\s+/);

/** PATH_MAX on Linux. */
export const maxPathCharacters = 4096;

/** An absolute path, or one from the home folder (`~/…`), where `cwd` is known; else relative and tidied. */
export function resolvePath(path: string, cwd: string): string {
  const plain = path.replace(/^file:\/\//, '');
  const joined = /^[/~]/.test(plain) || !cwd ? plain : `${cwd}/${plain}`;
  const tidy = posix.normalize(joined);
  return tidy.length > 1 ? tidy.replace(/\/+$/, '') : tidy;
}

/** The path, and every well-known path its wildcards match. */
export function expandKnown(path: string): string[] {
  if (!/[*?[]/.test(path) || /^\/?\*+$/.test(path)) return [path];
  const pattern = new Minimatch(path, { dot: true, nocomment: true, braceExpandMax: 64 });
  return [path, ...wellKnown.filter((known) => pattern.match(known))];
}

/** Whether a word of a command line is meant as a path. */
export function looksLikePath(word: string): boolean {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(word) || word.length > 1024) return false;
  return /^[~/]|\/|^\.|\.[A-Za-z0-9]{1,8}$|[*?]/.test(word) && !/[\n{}()|;]/.test(word);
}
