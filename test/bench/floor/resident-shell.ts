import type Docker from 'dockerode';

export interface BareShell {
  /** Runs one command in a subshell; gives the bytes of the stream up to the mark at its end. */
  run(command: string): Promise<Buffer>;
  close(): void;
}

const mark = '--bench-end--';

/** One bash for all commands over one hijacked stream: no state, no time-out, no process group, no demultiplexing. */
export async function bareShell(container: Docker.Container): Promise<BareShell> {
  const exec = await container.exec({
    Cmd: ['bash'],
    WorkingDir: '/tmp',
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  let received: Buffer[] = [];
  let ended: ((output: Buffer) => void) | undefined;
  stream.on('data', (chunk: Buffer) => {
    received.push(chunk);
    const output = Buffer.concat(received);
    if (output.includes(mark)) ended?.(output);
  });
  return {
    run: (command) =>
      new Promise((resolve) => {
        received = [];
        ended = resolve;
        stream.write(`(${command}) </dev/null; echo ${mark}\n`);
      }),
    close: () => void stream.destroy(),
  };
}
