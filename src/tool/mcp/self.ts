import type { ClientOptions } from '@modelcontextprotocol/sdk/client/index.js';
import { proctorVersion } from '../../version.ts';

/** What Proctor calls itself, as a client and as a server. */
export const self = { name: 'proctor', version: proctorVersion };

/** Outputs are recorded as they are, so their schemas need no validators; the SDK would make some for every connection. */
export const jsonSchemaValidator: NonNullable<ClientOptions['jsonSchemaValidator']> = {
  getValidator: () => (data) => ({ valid: true, data: data as never, errorMessage: undefined }),
};
