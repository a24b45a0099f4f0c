import { messageOf, ProctorError } from '../../errors.ts';
import { EndpointError } from './endpoint-error.ts';

/**
 * Has the list of models asked for, so that a refused key or a server that does not answer is noticed early.
 * Throws `model-refused-key` or `model-unavailable`; a server without such a list passes.
 */
export async function checkKey(user: string, baseUrl: string, list: () => Promise<void>): Promise<void> {
  try {
    await list();
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    const { status, connection, unreadable, final } = error.said;
    if (connection && !unreadable) {
      const problem = `${baseUrl} does not answer: ${messageOf(error.cause ?? error)}`;
      throw new ProctorError('model-unavailable', `${user}: ${problem}`, { cause: error });
    }
    // A restricted key may chat without being allowed to list models.
    const refused = (status === 401 || status === 403 || final === 'key') && !/scope/i.test(error.message);
    if (!refused) return;
    const problem = `${baseUrl} refused the key: ${error.message}`;
    throw new ProctorError('model-refused-key', `${user}: ${problem}`, { cause: error });
  }
}
