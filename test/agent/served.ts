import { onTestFinished } from 'vitest';
import type { Agent } from '../../src/agent/agent.ts';
import { brief } from './view.ts';

interface Server {
  url: string;
  close(): Promise<void>;
}

const endpoint = { apiKey: 'key', retry: { attempts: 3, firstWaitMs: 1 } };

/** A served model, the agent in front of it with quick retries, and an open session. */
export async function servedBy<Served extends Server>(
  starting: Promise<Served>,
  agentAt: (endpoint: {
    baseUrl: string;
    apiKey: string;
    retry: { attempts: number; firstWaitMs: number };
  }) => Agent,
) {
  const server = await starting;
  onTestFinished(() => server.close());
  const agent = agentAt({ ...endpoint, baseUrl: server.url });
  return { server, agent, session: await agent.open(brief) };
}
