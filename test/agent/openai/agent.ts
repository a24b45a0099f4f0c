import { type OpenaiOptions, openaiAgent } from '../../../src/agent/openai/openai.ts';
import { type ModelServerOptions, type Policy, startModelServer } from '../../model-server/server.ts';
import { servedBy } from '../served.ts';

type Options = Partial<OpenaiOptions> & { server?: ModelServerOptions };

export const served = (policy: Policy, { server, ...options }: Options = {}) =>
  servedBy(startModelServer(policy, server), (endpoint) =>
    openaiAgent({ model: 'gpt-4.1', ...endpoint, ...options }),
  );
