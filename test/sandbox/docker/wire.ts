import { Duplex } from 'node:stream';
import { Channel } from '../../../src/sandbox/docker/channel.ts';
import type { OutputStream } from '../../../src/sandbox/output-capture.ts';

/** A piece of a process's output, as an engine multiplexes it. */
export function framed(stream: OutputStream, data: Buffer): Buffer {
  const header = Buffer.from([stream === 'stdout' ? 1 : 2, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
}

/** A channel whose process is the test itself: it reads the lines that were sent and writes what the process would print. */
export class Wire {
  readonly channel: Channel;
  readonly lines: string[] = [];
  readonly #stream: Duplex;
  #onLine: (line: string) => void = () => {};

  constructor() {
    let rest = '';
    this.#stream = new Duplex({
      read() {},
      write: (chunk: Buffer, _, done) => {
        const lines = (rest + chunk.toString()).split('\n');
        rest = lines.pop() ?? '';
        this.lines.push(...lines);
        for (const line of lines) this.#onLine(line);
        done();
      },
    });
    this.channel = new Channel(this.#stream);
  }

  /** Answers each line as it comes, those that came before included. */
  answer(onLine: (line: string) => void): void {
    this.#onLine = onLine;
    for (const line of this.lines) onLine(line);
  }

  print(stream: OutputStream, text: string): void {
    this.#stream.push(framed(stream, Buffer.from(text)));
  }

  /** Ends as the stream of a process that is gone. */
  close(): void {
    this.#stream.push(null);
  }
}

/** A main process that answers every question with the numbers of `answerTo`; records the lines. */
export function answeringInit(answerTo: (line: string) => number[] | undefined = () => []): Wire {
  const wire = new Wire();
  wire.answer((line) => {
    const [, id, nonce] = /'%s answer (\d+)%s\\n' (\w+)/.exec(line) ?? [];
    const numbers = answerTo(line);
    if (id && numbers) wire.print('stderr', `${nonce} answer ${[id, ...numbers].join(' ')}\n`);
  });
  return wire;
}
