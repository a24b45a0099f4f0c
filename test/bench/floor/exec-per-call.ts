import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';

/** One command by an exec of its own: create, start, read to the end, inspect. */
export async function execPerCall(container: Docker.Container, command: string): Promise<string> {
  const exec = await container.exec({
    Cmd: ['bash', '-c', command],
    WorkingDir: '/tmp',
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: false });
  const chunks: Buffer[] = [];
  const output = new PassThrough().on('data', (chunk: Buffer) => chunks.push(chunk));
  container.modem.demuxStream(stream, output, output);
  await finished(stream, { writable: false });
  const { ExitCode: code } = await exec.inspect();
  if (code !== 0) throw new Error(`${command}: exit code ${code}`);
  return Buffer.concat(chunks).toString();
}
