import { ProctorError } from '../../errors.ts';

/** Where a model is, as requests to it need it. */
export interface ModelEndpoint {
  /** Without the query and without credentials. */
  baseUrl: string;
  /** What every request has in its query, such as Azure's `api-version`. */
  query: Record<string, string>;
  /** Never shown to anybody. */
  apiKey: string;
  /** What carries the key, and what the user adds. */
  headers: Record<string, string>;
}

export interface EndpointAddress {
  /** By default `OPENAI_BASE_URL`, else OpenAI's own. */
  baseUrl?: string | undefined;
  /** By default `OPENAI_API_KEY`. */
  apiKey?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
}

const openai = 'https://api.openai.com/v1';

/** Throws `bad-flag` where there is neither a key nor an endpoint of one's own, or one of them can't be used. */
export function modelEndpoint(
  agent: string,
  { baseUrl, apiKey, headers = {} }: EndpointAddress,
  env: NodeJS.ProcessEnv = process.env,
): ModelEndpoint {
  const given = baseUrl ?? env.OPENAI_BASE_URL;
  const url = urlOf(agent, given || openai);
  const key = apiKey ?? env.OPENAI_API_KEY ?? '';
  if (!key && !given) {
    const wanted = 'expected OPENAI_API_KEY, or OPENAI_BASE_URL for a server that wants no key';
    throw new ProctorError('bad-flag', `agent ${agent} has no key: ${wanted}`);
  }
  requireSendable(agent, 'the key (OPENAI_API_KEY)', key);
  for (const [name, value] of Object.entries(headers)) requireSendable(agent, `the header ${name}`, value);
  const basic =
    !key && url.username !== '' && `Basic ${btoa(decodeURIComponent(`${url.username}:${url.password}`))}`;
  const query = Object.fromEntries(url.searchParams);
  url.username = url.password = url.search = url.hash = '';
  const isAzure = /\.azure(-api)?\.(com|net|us|cn)$/.test(url.hostname);
  return {
    baseUrl: url.href.replace(/\/$/, ''),
    query,
    apiKey: key || 'none',
    headers: {
      ...(isAzure ? { 'api-key': key } : { authorization: basic || `Bearer ${key || 'none'}` }),
      ...lowered(headers),
    },
  };
}

const lowered = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function urlOf(agent: string, text: string): URL {
  const problem = !URL.canParse(text)
    ? 'it is no URL'
    : /^https?:$/.test(new URL(text).protocol)
      ? undefined
      : `it begins with ${new URL(text).protocol}`;
  if (problem === undefined) return new URL(text);
  const wanted = 'expected http:// or https://, such as http://127.0.0.1:8000/v1, without quotes';
  throw new ProctorError(
    'bad-flag',
    `agent ${agent}: OPENAI_BASE_URL is ${JSON.stringify(text)}: ${problem}; ${wanted}`,
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
