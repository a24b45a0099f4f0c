import { ProctorError } from '../../errors.ts';
import type { Listener, Sandbox } from '../sandbox.ts';
import { within } from '../within.ts';
import type { Channel } from './channel.ts';
import { type RelayFrame, relayFrame, relayFrames } from './relay-frame.ts';
import { RelayedConnection } from './relayed-connection.ts';

const answerTimeoutMs = 20_000;
const maxErrorChars = 2_000;

interface Listening {
  onConnection: Parameters<NonNullable<Sandbox['listen']>>[1];
  answered(frame: RelayFrame | undefined): void;
  lost(error: ProctorError): void;
}

/** All connections of a relay, over the one stream to its process. */
export class RelayLink {
  readonly #channel: Channel;
  readonly #listening = new Map<number, Listening>();
  readonly #connections = new Map<number, RelayedConnection>();
  #lastId = 0;
  #stderr = '';
  #isClosed = false;

  constructor(channel: Channel) {
    this.#channel = channel;
    const push = relayFrames((frame) => this.#take(frame));
    channel.onOutput((stream, data) => {
      if (stream === 'stdout') push(data);
      else this.#stderr = (this.#stderr + data.toString()).slice(-maxErrorChars);
    });
    void channel.closed.then(() => this.#end());
  }

  /** As `Sandbox.listen`. */
  async listen(port: number, onConnection: Listening['onConnection']): Promise<Listener> {
    const id = ++this.#lastId;
    let lost: Listening['lost'] = () => {};
    const whenLost = new Promise<ProctorError>((resolve) => {
      lost = resolve;
    });
    const answer = new Promise<RelayFrame | undefined>((answered) => {
      this.#listening.set(id, { onConnection, answered, lost });
    });
    this.#send('L', id, port);
    const frame = this.#channel.isClosed ? undefined : await within(answerTimeoutMs, answer);
    if (frame?.kind === 'L')
      return { port: frame.payload.readUInt32BE(), lost: whenLost, close: async () => this.#stop(id) };
    this.#listening.delete(id);
    const why = frame?.payload.toString() ?? this.#failure();
    throw new ProctorError('sandbox-failed', `Port ${port} of the sandbox can't be listened on: ${why}.`);
  }

  /** Ends all connections, as something that was wanted. */
  close(): void {
    this.#isClosed = true;
    this.#channel.destroy();
    this.#end();
  }

  readonly #send = (...frame: Parameters<typeof relayFrame>) => this.#channel.write(relayFrame(...frame));

  #stop(id: number): void {
    this.#listening.delete(id);
    this.#send('C', id);
  }

  #take(frame: RelayFrame): void {
    const { kind, id } = frame;
    if (kind === 'L' || kind === 'F') this.#listening.get(id)?.answered(frame);
    else if (kind === 'O') this.#open(id, frame.payload.readUInt32BE());
    else this.#connections.get(id)?.receive(frame);
  }

  #open(id: number, listener: number): void {
    const onConnection = this.#listening.get(listener)?.onConnection;
    if (!onConnection) {
      this.#send('R', id);
      return;
    }
    const connection = new RelayedConnection(id, this.#send);
    this.#connections.set(id, connection);
    connection.once('close', () => this.#connections.delete(id));
    onConnection(connection);
  }

  #end(): void {
    for (const connection of this.#connections.values()) connection.cut();
    for (const { answered, lost } of this.#listening.values()) {
      answered(undefined);
      if (!this.#isClosed)
        lost(new ProctorError('sandbox-failed', `The sandbox's relay ${this.#failure()}.`));
    }
    this.#listening.clear();
  }

  #failure(): string {
    if (!this.#channel.isClosed) return `did not answer within ${answerTimeoutMs} ms`;
    return `ended: ${this.#stderr.trim().split('\n').at(-1) || 'without an error message'}`;
  }
}
