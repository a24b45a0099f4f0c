import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ProctorError } from '../../errors.ts';

const run = promisify(execFile);

/** Runs npm in a folder. Throws `bad-flag` with the last words of npm after `what`. */
export async function npm(dir: string, args: readonly string[], what: string): Promise<void> {
  try {
    await run('npm', args, { cwd: dir, maxBuffer: 64 * 1024 * 1024 });
  } catch (cause) {
    const { stderr = '', message } = cause as { stderr?: string; message: string };
    const lines = stderr.split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
    const why = lines.find((line) => !/ code /.test(line))?.replace(/^npm (error|ERR!) /, '') ?? message;
    throw new ProctorError('bad-flag', `--mcp: npm could not ${what}: ${why}`, { cause });
  }
}
