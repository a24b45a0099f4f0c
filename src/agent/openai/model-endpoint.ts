import { addressOf, basicOf, type EndpointAddress, type Provider } from '../model/address.ts';
import type { Target } from '../model/target.ts';

const openai: Provider = {
  baseUrl: 'https://api.openai.com/v1',
  urlVariable: 'OPENAI_BASE_URL',
  example: 'http://127.0.0.1:8000/v1',
  keyVariables: ['OPENAI_API_KEY'],
};

/** Throws `bad-flag` where there is neither a key nor an endpoint of one's own, or one of them can't be used. */
export function modelEndpoint(
  agent: string,
  given: EndpointAddress,
  env: NodeJS.ProcessEnv = process.env,
): Target {
  const { url, baseUrl, query, key, headers } = addressOf(agent, given, openai, env);
  const isAzure = /\.azure(-api)?\.(com|net|us|cn)$/.test(url.hostname);
  const authorization = (key === '' && basicOf(url)) || `Bearer ${key || 'none'}`;
  return {
    baseUrl,
    query,
    apiKey: key || 'none',
    headers: { ...(isAzure ? { 'api-key': key } : { authorization }), ...headers },
  };
}
