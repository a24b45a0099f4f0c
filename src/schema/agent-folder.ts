import { z } from 'zod';
import { toolEffect } from './effect.ts';

/** How a program asks its model: Chat Completions, Responses, or Anthropic's Messages. */
const modelApi = z.enum(['chat', 'responses', 'messages']);

const placeholders =
  '`{model}`, `{model_url}` (ends in /v1), `{model_origin}` (without it), `{token}` (the key it has), `{home}`, `{instruction}` and `{instruction_file}`';

/** Where the Dockerfiles of such folders put their programs. */
export const agentPlace = '/opt/proctor/agent/';

/** `agent.toml` of a folder of sandbox-images/agents/: a program that `--agent inside:NAME` runs in a task's sandbox. */
export const agentFolder = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  description: z.string(),
  command: z
    .string()
    .min(1)
    .describe(`The program and its arguments, as a shell splits them; may name ${placeholders}.`),
  variables: z
    .record(z.string(), z.string())
    .default({})
    .describe('Variables it is started with, which may name the same.'),
  files: z
    .record(z.string(), z.string())
    .default({})
    .describe('Path → content of files that it finds, both of which may name the same.'),
  apis: z.array(modelApi).min(1).describe('How it can ask its model; the first is how it does here.'),
  versions: z
    .record(z.string(), z.string())
    .default({})
    .describe('What the Dockerfile beside this file installs: package → version.'),
  memory_mb: z
    .int()
    .nonnegative()
    .default(0)
    .describe(
      'Megabytes that the program itself may take: a sandbox with it has as many more than its task says.',
    ),
  tools: z
    .record(z.string(), toolEffect)
    .default({})
    .describe('What its tools do, by name, where names do not tell.'),
  helpers: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Programs that it starts for itself beside its calls, each as its name and all its arguments; `*` stands for any text, ` *` at the end for any further arguments. What these start is theirs.',
    ),
});
