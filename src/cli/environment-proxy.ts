import { ProctorError } from '../errors.ts';

/** Where a proxy is never asked, as elsewhere: this machine. */
const own = ['localhost', '127.0.0.1', '[::1]', '::1'];

/** Has every request of this process go through the proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name, in either case. Throws `bad-flag`. */
export async function goThroughProxies(env: NodeJS.ProcessEnv): Promise<void> {
  const named = (name: string) => env[name.toLowerCase()] || env[name];
  const proxies = ['HTTP_PROXY', 'HTTPS_PROXY'].filter(named);
  if (proxies.length === 0) return;
  const wrong = proxies.find((name) => !/^https?:\/\/[^/]/.test(named(name) ?? ''));
  if (wrong)
    throw new ProctorError(
      'bad-flag',
      `${wrong} is no address of a proxy; expected such as http://127.0.0.1:3128`,
    );
  const noProxy = [named('NO_PROXY'), ...own].filter(Boolean).join(',');
  const httpProxy = named('HTTP_PROXY') ?? '';
  const httpsProxy = named('HTTPS_PROXY') ?? '';
  // A large library, and few need it.
  const { EnvHttpProxyAgent, setGlobalDispatcher } = await import('undici');
  setGlobalDispatcher(new EnvHttpProxyAgent({ httpProxy, httpsProxy, noProxy, proxyTunnel: false }));
}
