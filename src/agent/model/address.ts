import { ProctorError } from '../../errors.ts';

/** Where a user says that a model is. */
export interface EndpointAddress {
  /** By default what the environment says, else the provider's own. */
  baseUrl?: string | undefined;
  /** By default what the environment says. */
  apiKey?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Where a provider is, and how the environment says it. */
export interface Provider {
  baseUrl: string;
  /** The variable of the address, and such an address. */
  urlVariable: string;
  example: string;
  /** The variables of the key, the first one that is set wins. */
  keyVariables: readonly [string, ...string[]];
}

/** Where requests go. */
interface Address {
  url: URL;
  /** Without the query and without credentials. */
  baseUrl: string;
  query: Record<string, string>;
  /** Empty where the server wants none. Never shown to anybody. */
  key: string;
  /** The user's own, in lower case. */
  headers: Record<string, string>;
}

/** Throws `bad-flag` where there is neither a key nor an endpoint of one's own, or one of them can't be used. */
export function addressOf(
  agent: string,
  { baseUrl, apiKey, headers = {} }: EndpointAddress,
  { baseUrl: own, urlVariable, example, keyVariables }: Provider,
  env: NodeJS.ProcessEnv,
): Address {
  const given = baseUrl ?? env[urlVariable];
  const url = urlOf(agent, given || own, urlVariable, example);
  const variable = keyVariables.find((name) => env[name]) ?? keyVariables[0];
  const key = apiKey ?? env[variable] ?? '';
  if (!key && !given) {
    const wanted = `expected ${keyVariables.join(' or ')}, or ${urlVariable} for a server that wants no key`;
    throw new ProctorError('bad-flag', `agent ${agent} has no key: ${wanted}`);
  }
  requireSendable(agent, `the key (${variable})`, key);
  for (const [name, value] of Object.entries(headers)) requireSendable(agent, `the header ${name}`, value);
  const bare = new URL(url);
  bare.username = bare.password = bare.search = bare.hash = '';
  return {
    url,
    baseUrl: bare.href.replace(/\/$/, ''),
    query: Object.fromEntries(url.searchParams),
    key,
    headers: lowered(headers),
  };
}

/** The authorization that credentials of an address stand for. */
export const basicOf = ({ username, password }: URL): string | undefined =>
  username === '' ? undefined : `Basic ${btoa(decodeURIComponent(`${username}:${password}`))}`;

const lowered = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function urlOf(agent: string, text: string, variable: string, example: string): URL {
  const problem = !URL.canParse(text)
    ? 'it is no URL'
    : /^https?:$/.test(new URL(text).protocol)
      ? undefined
      : `it begins with ${new URL(text).protocol}`;
  if (problem === undefined) return new URL(text);
  const wanted = `expected http:// or https://, such as ${example}, without quotes`;
  throw new ProctorError(
    'bad-flag',
    `agent ${agent}: ${variable} is ${JSON.stringify(text)}: ${problem}; ${wanted}`,
  );
}

/** Names the character of a header's value that can't be sent, never the value. */
function requireSendable(agent: string, what: string, value: string): void {
  const at = [...value].findIndex((char) => !/^[\x21-\x7e \t]$/.test(char));
  const quoted = /^(["']).*\1$/.test(value) || value !== value.trim();
  if (at < 0 && !quoted) return;
  const code = [...value][at]?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  const problem =
    at < 0 ? 'stands in quotes or has spaces around it' : `has U+${code} as character ${at + 1}`;
  throw new ProctorError(
    'bad-flag',
    `agent ${agent}: ${what} ${problem}, which can’t be sent; expected plain ASCII, as the provider gave it`,
  );
}
