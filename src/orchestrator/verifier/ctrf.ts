import type { Sandbox } from '../../sandbox/sandbox.ts';

const file = '/logs/verifier/ctrf.json';
/** Bytes of a report that are kept. */
const longest = 4 * 1024 * 1024;

/** The report that the tests wrote beside their reward; undefined where there is none, or one that is no JSON. */
export async function readCtrf(sandbox: Sandbox): Promise<string | undefined> {
  const { exitCode, stdout } = await sandbox.exec(
    `test -f ${file} && test ! -L ${file} && head -c ${longest} ${file}`,
    {
      as: 'harness',
    },
  );
  if (exitCode !== 0) return undefined;
  const text = stdout.toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}
