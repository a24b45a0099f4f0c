import { addressOf, basicOf, type EndpointAddress, type Provider } from './address.ts';

/** Where requests to a model go. */
export interface Target {
  /** Without the query and without credentials. */
  baseUrl: string;
  /** What every request has in its query, such as Azure's `api-version`. */
  query: Record<string, string>;
  /** Never shown to anybody. */
  apiKey: string;
  /** What carries the key where that is not the client's doing, and what the user adds. */
  headers: Record<string, string>;
}

/** Where a provider's own client sends requests; it puts the key where the provider wants it. Throws as `addressOf` does. */
export function clientTarget(agent: string, given: EndpointAddress, provider: Provider): Target {
  const { url, baseUrl, query, key, headers } = addressOf(agent, given, provider, process.env);
  const basic = key === '' ? basicOf(url) : undefined;
  return {
    baseUrl,
    query,
    apiKey: key || 'none',
    headers: { ...(basic !== undefined && { authorization: basic }), ...headers },
  };
}
