import { messageOf, ProctorError } from '../../errors.ts';
import { type AskOptions, asker } from '../model/ask.ts';
import { answeredError, lostConnection } from '../model/endpoint-error.ts';
import { isOverflow } from '../model/overflow.ts';
import { BodyTooLarge, boundedText } from '../model/request-body.ts';
import type { Target } from '../model/target.ts';
import { seen, type Watch, watched } from '../model/watch.ts';
import type { DialectName, WireAnswer } from './dialect.ts';
import type { ModelSource, PlainRequest, SourceRequest } from './model-source.ts';

export interface LiveSourceOptions extends AskOptions {
  /** Where a dialect is spoken. Throws `bad-flag` where it is nowhere. */
  targetOf(dialect: DialectName): Target;
}

/** What an endpoint says to a request that is wrong: the program is told, and may ask otherwise. */
const toProgram: readonly number[] = [400, 404, 405, 413, 422];

/**
 * Asks the models' endpoints with the real key. An answer is taken when it is whole; one that is not, and failures that may pass, are asked
 * for again. That a request is wrong is told to the program, but not that there is no such model as `options.model`.
 */
export function liveSource(user: string, options: LiveSourceOptions): ModelSource {
  const { targetOf, model, overflow = [] } = options;
  const ask = asker<SourceRequest, { wire?: WireAnswer; request?: SourceRequest }>(user, options, {
    to: ({ dialect }) => targetOf(dialect.name),
    empty: () => ({}),
    async request(request, answer, watch) {
      answer.request = request;
      const wire = await askOnce(request, targetOf(request.dialect.name), watch);
      const { status, body } = wire;
      if (status >= 400) {
        const isOurs = status === 404 && request.body.model === model;
        const isTold = toProgram.includes(status) || isOverflow({ status, words: body }, overflow);
        if (isOurs || !isTold) throw answeredError(status, wire.headers, body);
      }
      answer.wire = { status, contentType: wire.contentType, body };
      const { problem } = status < 400 ? request.dialect.readAnswer(answer.wire) : {};
      if (problem !== undefined) throw lostConnection(problem);
    },
    tookOf: ({ wire, request }) => (wire && request ? request.dialect.readAnswer(wire).use : {}),
  });
  return {
    async answer(request, asking) {
      const { answer, before, retries } = await ask(request, asking);
      if (!answer.wire) throw new ProctorError('model-unavailable', `${user}: no answer`);
      return { ...answer.wire, ...(retries.length > 0 && { retries }), ...(before.length > 0 && { before }) };
    },
    async plain({ method, path, body, headers }, { signal }) {
      const target = targetOf(isMessages(path) ? 'messages' : 'chat');
      const {
        status,
        contentType,
        body: told,
      } = await wireOf(
        await fetch(urlOf(target, path), {
          method,
          headers: headersOf(target, path, headers),
          signal,
          ...(body && { body: JSON.stringify(body) }),
        }),
      );
      return { status, contentType, body: told };
    },
  };
}

const askOnce = (
  { path, body, dialect, headers }: SourceRequest,
  target: Target,
  watch: Watch,
): Promise<WireAnswer & { headers: Headers }> =>
  watched(watch, async ({ signal }, heard) => {
    const came = await fetch(urlOf(target, path), {
      method: 'POST',
      headers: headersOf(target, path, headers),
      body: JSON.stringify(dialect.withUsage(body)),
      signal,
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw lostConnection(`Connection error: ${messageOf((error as Error).cause ?? error)}`, error);
    });
    try {
      return await wireOf(seen(came, heard));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BodyTooLarge)
        return { ...dialect.error(413, error.message), headers: new Headers() };
      throw lostConnection('the connection broke off in the answer', error);
    }
  });

const headersOf = ({ apiKey, headers }: Target, path: string, own: PlainRequest['headers']) => ({
  'content-type': 'application/json',
  ...(isMessages(path) && { 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' }),
  ...own,
  ...headers,
});

const isMessages = (path: string) => path.startsWith('/messages');

function urlOf({ baseUrl, query }: Target, path: string): URL {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

const wireOf = async (came: Response): Promise<WireAnswer & { headers: Headers }> => ({
  status: came.status,
  contentType: came.headers.get('content-type') ?? '',
  body: came.body ? await boundedText(came.body, 'answer') : '',
  headers: came.headers,
});
