import { onTestFinished } from 'vitest';
import { type OpenaiOptions, openaiAgent } from '../../../src/agent/openai/openai.ts';
import { type ModelServerOptions, type Policy, startModelServer } from '../../model-server/server.ts';
import { brief } from '../view.ts';

type Options = Partial<OpenaiOptions> & { server?: ModelServerOptions };

/** A served model, the agent in front of it with quick retries, and an open session. */
export async function served(policy: Policy, { server: serverOptions, ...options }: Options = {}) {
  const server = await startModelServer(policy, serverOptions);
  onTestFinished(() => server.close());
  const agent = openaiAgent({
    model: 'gpt-4.1',
    baseUrl: server.url,
    apiKey: 'key',
    retry: { attempts: 3, firstWaitMs: 1 },
    ...options,
  });
  return { server, agent, session: await agent.open(brief) };
}
