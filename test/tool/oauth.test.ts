import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { toolboxes } from './open.ts';
import { rawServer, refuse } from './raw-server.ts';

const openToolbox = toolboxes();
const variable = (name: string) => ['$', `{${name}}`].join('');
const secretName = 'PROCTOR_TEST_CLIENT_SECRET';
afterEach(() => {
  delete process.env[secretName];
});

/** An authorization server with one client, whose tokens are t1, t2 and so on. */
async function authorizationServer() {
  const asked: URLSearchParams[] = [];
  const basic = `Basic ${Buffer.from('robot:s3cret-of-robot').toString('base64')}`;
  const server = createServer(async (request: IncomingMessage, response) => {
    const json = (status: number, value: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    if (request.url?.startsWith('/.well-known/oauth-authorization-server')) {
      return json(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        response_types_supported: ['code'],
        grant_types_supported: ['client_credentials'],
        token_endpoint_auth_methods_supported: ['client_secret_basic'],
      });
    }
    if (request.url !== '/token') return json(404, {});
    asked.push(new URLSearchParams(await text(request)));
    if (request.headers.authorization !== basic) return json(401, { error: 'invalid_client' });
    json(200, { access_token: `t${asked.length}`, token_type: 'Bearer', expires_in: 3600 });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { issuer, asked };
}

/** An MCP server that wants a token that `isGood`, and says where one is to be had. */
async function guarded(isGood: (token: string) => boolean) {
  const { issuer, asked } = await authorizationServer();
  const metadata = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ resource: url, authorization_servers: [issuer] }));
  });
  await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void metadata.close());
  const where = `http://127.0.0.1:${(metadata.address() as AddressInfo).port}/resource`;
  const url: string = await rawServer(({ headers }, response) => {
    if (isGood(headers.authorization?.replace('Bearer ', '') ?? '')) return undefined;
    response.setHeader('www-authenticate', `Bearer resource_metadata="${where}"`);
    return refuse(response, 401, '{"error":"invalid_token"}') ?? true;
  });
  const open = (oauth: object) =>
    openToolbox({ servers: [{ name: 'guarded', placement: 'remote', url, oauth }] });
  return { open, issuer, asked };
}

describe('a server that wants a token of a client', () => {
  const credentials = { client_id: 'robot', client_secret: variable(secretName), scope: 'tools' };

  it('is given one of the authorization server it names, and a new one when that no longer holds', async () => {
    process.env[secretName] = 's3cret-of-robot';
    let good = 't1';
    const { open, asked, issuer } = await guarded((token) => token === good);
    const { call } = await open({ ...credentials, issuer });
    expect((await call('x')).text).toBe('called x');
    good = 't2';
    expect((await call('x')).text).toBe('called x');
    expect(asked.map((form) => [form.get('grant_type'), form.get('scope')])).toEqual([
      ['client_credentials', 'tools'],
      ['client_credentials', 'tools'],
    ]);
  });

  it('and refuses the credentials is named in one line', async () => {
    process.env[secretName] = 'another-secret';
    const { open, issuer } = await guarded(() => false);
    await expect(open({ ...credentials, issuer })).rejects.toMatchObject({
      code: 'tool-server-failed',
      message: expect.stringMatching(/^Tool server "guarded" at \S+ could not be \w+: [^\n]*invalid_client/),
    });
  });

  it('and names another authorization server than the environment trusts is not given them', async () => {
    process.env[secretName] = 's3cret-of-robot';
    const { open, asked } = await guarded(() => false);
    await expect(open({ ...credentials, issuer: 'https://auth.example' })).rejects.toThrow(/auth\.example/);
    expect(asked).toEqual([]);
  });

  it('does not start where a variable is missing', async () => {
    const { open, issuer } = await guarded(() => true);
    await expect(open({ ...credentials, issuer })).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringContaining(`oauth client_secret: the variable ${secretName} is not set`),
    });
  });
});
