import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, ProctorError } from '../errors.ts';
import { expandVariable, expandVariables } from '../schema/author-file.ts';
import type { ToolServer } from '../schema/environment.ts';
import {
  type CallOutcome,
  type ClientCredentials,
  type Connection,
  type ConnectionCall,
  connect,
  httpTransport,
} from './mcp.ts';
import { type Inside, reachInside } from './sandbox-http.ts';
import { connectOptions, type OpenServer, type ServerContext, serverFailed } from './server.ts';

type RemoteServer = Extract<ToolServer, { placement: 'remote' }>;

/** A connection, with the way to leave its session. */
interface Session {
  connection: Connection;
  endSession(): Promise<void>;
}

/** Connects to a server over HTTP. Throws `bad-file` for a missing variable, else `tool-server-failed`. */
export async function openRemoteServer(config: RemoteServer, context: ServerContext): Promise<OpenServer> {
  const { name, url } = config;
  let http: Inside | undefined;
  let begin: () => Promise<Session>;
  let session: Session;
  try {
    http = config.inside ? await reachInside(config, context) : undefined;
    begin = sessions(config, context, http);
    session = await begin();
  } catch (error) {
    http?.close();
    if (error instanceof ProctorError) throw error;
    const why = messageOf(error);
    const problem = why.startsWith('it answered')
      ? `could not be used: ${why}`
      : `could not be reached: ${why}`;
    throw serverFailed(name, `at ${url} ${problem}`, error);
  }
  /** Makes a request; where its session has ended, once more in a new one. */
  const lasting = async <R>(request: (connection: Connection) => Promise<CallOutcome<R>>) => {
    const used = session;
    const outcome = await request(used.connection);
    if (!hasEnded(outcome)) return outcome;
    try {
      if (session === used) session = await begin();
    } catch {
      return outcome;
    }
    context.notify({ server: name, method: 'proctor/session-renewed', params: outcome.message });
    void used.connection.close();
    return request(session.connection);
  };
  /** Makes a call; where the server has too many of them, once more when it says, if the call has as much time left. */
  const patient = async (call: (time: ConnectionCall) => Promise<CallOutcome>, time: ConnectionCall) => {
    const begun = performance.now();
    const outcome = await call(time);
    if (outcome.kind !== 'lost' || outcome.waitMs === undefined) return outcome;
    const { waitMs, message } = outcome;
    const timeoutMs = time.timeoutMs - (performance.now() - begun) - waitMs;
    if (timeoutMs <= 0)
      return {
        ...outcome,
        message: `${message}; it asks to wait ${waitMs / 1000} s, longer than the call has`,
      };
    context.notify({ server: name, method: 'proctor/call-made-again', params: { waitMs, why: message } });
    const over = time.waiting?.();
    await sleep(waitMs, undefined, { signal: time.signal }).catch(() => {});
    over?.();
    return call({ ...time, timeoutMs });
  };
  const connection: Connection = {
    ...session.connection,
    tools: () => session.connection.tools(),
    call: (tool, args, options) => patient((time) => lasting((one) => one.call(tool, args, time)), options),
    ask: (method, params, options) => lasting((one) => one.ask(method, params, options)),
  };
  return {
    name,
    placement: config.inside ? 'sandbox' : 'remote',
    connection,
    async close() {
      await session.endSession();
      await session.connection.close();
      http?.close();
    },
  };
}

/** Begins sessions with a server. */
function sessions(config: RemoteServer, context: ServerContext, http?: Inside): () => Promise<Session> {
  const { name, transport: kind, url, headers, oauth, answers } = config;
  const where = `${context.dir}/environment.toml: server "${name}":`;
  const options = {
    headers: expandVariables(headers, `${where} header`),
    ...(oauth && { oauth: expanded(oauth, `${where} oauth`) }),
    ...(http && { fetch: http.fetch }),
  };
  return async () => {
    const { transport, endSession } = httpTransport(kind, new URL(url), options);
    try {
      return { connection: await connect(transport, connectOptions(name, context, answers)), endSession };
    } catch (error) {
      await transport.close().catch(() => {});
      throw error;
    }
  };
}

/** A server says 404 of a session that it no longer knows, or as the protocol’s first servers do, 400 with the word. */
function hasEnded(outcome: CallOutcome<unknown>): outcome is Extract<CallOutcome, { kind: 'lost' }> {
  if (outcome.kind !== 'lost') return false;
  const { status, message } = outcome;
  return status === 404 || (status === 400 && /session/i.test(message));
}

const expanded = ({ client_id, client_secret, ...rest }: ClientCredentials, where: string) => ({
  client_id: expandVariable(client_id, `${where} client_id`),
  client_secret: expandVariable(client_secret, `${where} client_secret`),
  ...rest,
});
