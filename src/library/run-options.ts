import { z } from 'zod';
import { modelParameters } from '../agent/model/parameters.ts';

/** How a run was started, beyond what every run has. */
export const runOptions = z.object({
  concurrency: z.number().default(4),
  retries: z.number().default(0),
  parameters: modelParameters.default({}),
  prices: z.string().optional(),
  price: z.string().optional(),
  rate: z.string().optional(),
  patience: z.number().optional(),
  model: z.string().optional(),
  modelConfig: z.string().optional(),
  header: z.array(z.string()).optional(),
  agentArg: z.array(z.string()).optional(),
  agentFolder: z.string().optional(),
  environments: z.array(z.string()).default([]),
  parent: z.string().optional(),
});
