import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { goThroughProxies } from '../../src/cli/environment-proxy.ts';

it.each(['HTTP_PROXY', 'http_proxy'])(
  'asks the proxy that %s names, but not for this machine',
  async (name) => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('here');
    }).listen(0, '127.0.0.1');
    const before = getGlobalDispatcher();
    onTestFinished(() => {
      setGlobalDispatcher(before);
      proxy.close();
      proxy.closeAllConnections();
    });
    await new Promise((listening) => proxy.once('listening', listening));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await goThroughProxies({ [name]: address, NO_PROXY: 'near.invalid' });
    expect(await (await fetch('http://model.invalid/v1?a=b', { method: 'POST', body: 'x' })).text()).toBe(
      'here',
    );
    await fetch(`${address}/direct`);
    await expect(fetch('http://near.invalid/x')).rejects.toThrow();
    expect(asked).toEqual(['http://model.invalid/v1?a=b', '/direct']);
  },
);

it('says which address is none', async () => {
  await expect(goThroughProxies({ HTTPS_PROXY: '127.0.0.1:3128' })).rejects.toThrow(
    /^HTTPS_PROXY is no address/,
  );
});
