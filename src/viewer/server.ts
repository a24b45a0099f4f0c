import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf, ProctorError } from '../errors.ts';
import type { Answers } from './api.ts';
import type { Library } from './library.ts';
import { readPageFiles } from './page-files.ts';
import { answerApi } from './route.ts';
import { createService } from './service.ts';

export interface ViewServer {
  /** Address with the token that lets a browser in. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface ServeOptions {
  port?: number;
  /** A run or a trial that is read before the first page asks for it. */
  ready?: { run: string; trial?: string };
  /** Tells how a queue stands. */
  queue?: Answers['queue'];
}

/** Serves a library, read-only, to this computer's own browsers. Throws `bad-flag` where the port is taken. */
export async function serveLibrary(library: Library, options: ServeOptions = {}): Promise<ViewServer> {
  const page = readPageFiles();
  const files: Record<string, { type: string; text: string }> = {
    '/': { type: 'text/html; charset=utf-8', text: page.html },
    '/page.js': { type: 'text/javascript; charset=utf-8', text: page.script },
    '/page.css': { type: 'text/css; charset=utf-8', text: page.style },
  };
  const parts = { library, service: createService(library, options.queue) };
  const guard = createGuard(() => port);
  if (options.ready) {
    const { run, trial } = options.ready;
    await (trial === undefined ? parts.service.run(run) : parts.service.trial(run, trial));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!guard.isOurHost(request)) return refuse(response, 421, 'this host is not served here');
    if (request.method !== 'GET') return refuse(response, 405, 'read only');
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const cookie = guard.welcome(url);
    if (cookie !== undefined && url.pathname === '/') {
      response.writeHead(303, { location: '/', 'set-cookie': cookie }).end();
      return;
    }
    if (!guard.isKnown(request)) {
      return refuse(response, 403, 'open the address that proctor view printed, with its token');
    }
    const file = files[url.pathname];
    if (file) response.writeHead(200, { 'content-type': file.type }).end(file.text);
    else await answerApi(url, request, response, parts);
  }

  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value ?? '');
    answer(request, response).catch((error: unknown) => {
      const missing = error instanceof ProctorError && error.code === 'not-found';
      if (response.headersSent) response.destroy();
      else refuse(response, missing ? 404 : 500, messageOf(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new ProctorError('bad-flag', `--port ${options.port}: ${messageOf(cause)}`, { cause })),
    );
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const closed = new AbortController();
  void parts.service.readAhead(closed.signal);

  return {
    url: `http://127.0.0.1:${port}/?token=${guard.token}`,
    port,
    close: () =>
      new Promise((resolve) => {
        closed.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${reason}\n`);
}

const cookieName = 'proctor';

/** Nothing but the page's own two files may run or load; images come from the trace alone. */
const securityHeaders: OutgoingHttpHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Lets in only who was told the token, through this computer's own name. */
interface Guard {
  readonly token: string;
  /** Whether the request names this server as its host, and not another name that leads here. */
  isOurHost(request: IncomingMessage): boolean;
  /** The cookie to set for who brings the token in the address; undefined for who does not. */
  welcome(url: URL): string | undefined;
  isKnown(request: IncomingMessage): boolean;
}

function createGuard(port: () => number): Guard {
  const token = randomBytes(24).toString('base64url');
  return {
    token,
    isOurHost({ headers }) {
      return [`127.0.0.1:${port()}`, `localhost:${port()}`].includes(headers.host ?? '');
    },
    welcome(url) {
      const given = url.searchParams.get('token');
      if (given === null || !same(given, token)) return undefined;
      return `${cookieName}-${port()}=${token}; HttpOnly; SameSite=Strict; Path=/`;
    },
    isKnown({ headers }) {
      const cookies = (headers.cookie ?? '').split('; ').map((pair) => pair.split('='));
      return cookies.some(([name, value]) => name === `${cookieName}-${port()}` && same(value ?? '', token));
    },
  };
}

function same(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
