import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf, ProctorError } from '../errors.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

/** Where metrics are served. */
export interface MetricsAddress {
  host: string;
  port: number;
}

const wanted = 'expected a port such as 9464, or 0.0.0.0:9464 for everybody who reaches this machine';

/** Reads `[HOST:]PORT`; this machine alone where no host is named, and a free port for 0. Throws `bad-flag`. */
export function metricsAddress(text: string): MetricsAddress {
  const [, bracketed, plain, port] = /^(?:(?:\[([^\]]+)\]|([^:]+)):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535)
    throw new ProctorError('bad-flag', `--metrics ${text}: ${wanted}`);
  return { host: bracketed ?? plain ?? '127.0.0.1', port: Number(port) };
}

/** Serves metrics at `/metrics`, and at `/healthz` that the process answers. Throws `bad-flag` where the address can't be had. */
export async function serveMetrics(
  { host, port }: MetricsAddress,
  metrics: Pick<WorkerMetrics, 'contentType' | 'text'>,
): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://any');
    const say = (status: number, text: string, type = 'text/plain; charset=utf-8') =>
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
    if (request.method !== 'GET' && request.method !== 'HEAD') say(405, 'read only\n');
    else if (pathname === '/healthz') say(200, 'here\n');
    else if (pathname !== '/metrics') say(404, 'metrics are at /metrics\n');
    else
      await metrics.text().then(
        (text) => say(200, text, metrics.contentType),
        (error) => say(500, `${messageOf(error)}\n`),
      );
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ProctorError('bad-flag', `--metrics ${host}:${port}: ${messageOf(error)}`, { cause: error });
  }
  const at = server.address() as AddressInfo;
  return {
    url: `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}/metrics`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
