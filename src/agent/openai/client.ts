import OpenAI, { APIConnectionError, APIError } from 'openai';
import { messageOf, ProctorError } from '../../errors.ts';

export interface Endpoint {
  /** Such as `http://127.0.0.1:8000/v1`; by default `OPENAI_BASE_URL`, else OpenAI's own. */
  baseUrl?: string | undefined;
  /** By default `OPENAI_API_KEY`. */
  apiKey?: string | undefined;
}

/** A client that neither retries nor logs. Throws `bad-flag` where there is neither a key nor an own endpoint. */
export function clientOf(agent: string, endpoint: Endpoint, timeoutMs: number): OpenAI {
  const baseURL = endpoint.baseUrl ?? process.env.OPENAI_BASE_URL;
  const apiKey = endpoint.apiKey ?? process.env.OPENAI_API_KEY;
  if (!apiKey && !baseURL) {
    const wanted = 'expected OPENAI_API_KEY, or OPENAI_BASE_URL for a server that wants no key';
    throw new ProctorError('bad-flag', `agent ${agent} has no key: ${wanted}`);
  }
  return new OpenAI({
    baseURL,
    apiKey: apiKey || 'none',
    timeout: timeoutMs,
    maxRetries: 0,
    logLevel: 'off',
  });
}

const checkTimeoutMs = 20_000;

/**
 * Asks for the list of models, so that a refused key or a server that does not answer is noticed early.
 * Throws `model-refused-key` or `model-unavailable`; a server without such a list passes.
 */
export async function checkEndpoint(agent: string, client: OpenAI): Promise<void> {
  try {
    const response = await client.models.list({ timeout: checkTimeoutMs }).asResponse();
    await response.body?.cancel();
  } catch (error) {
    if (error instanceof APIConnectionError) {
      const problem = `${client.baseURL} does not answer: ${messageOf(error.cause ?? error)}`;
      throw new ProctorError('model-unavailable', `${agent}: ${problem}`, { cause: error });
    }
    if (!(error instanceof APIError)) throw error;
    // A restricted key may chat without being allowed to list models.
    const refused = (error.status === 401 || error.status === 403) && !/scope/i.test(error.message);
    if (!refused) return;
    throw new ProctorError(
      'model-refused-key',
      `${agent}: ${client.baseURL} refused the key: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}
