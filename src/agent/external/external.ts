import type { Agent } from '../agent.ts';
import type { ModelEndpoint } from './model-proxy.ts';
import { checkCommand } from './program.ts';
import { type ExternalOptions, openExternalSession } from './session.ts';

/**
 * Any program, which is handed the tools as an MCP endpoint and drives itself: a call that comes in is a decision.
 * A program can't be put in the middle of a trial: after a fork or a resume it starts from the instruction.
 */
export function externalAgent(options: ExternalOptions): Agent {
  const model = modelEndpoint(options.environment);
  return {
    id: `external:${options.command}`,
    check: async () => checkCommand(options.command, options.environment.PATH),
    open: async () => openExternalSession({ ...options, ...(model && { model }) }),
  };
}

/** The endpoint of the `openai` agent, where there is one. */
function modelEndpoint(env: NodeJS.ProcessEnv): ModelEndpoint | undefined {
  const { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey } = env;
  if (!baseUrl && !apiKey) return undefined;
  return { baseUrl: baseUrl || 'https://api.openai.com/v1', apiKey: apiKey || 'none' };
}
