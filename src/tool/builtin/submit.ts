import { builtinTools } from '../../schema/builtin-tool.ts';
import { type InProcessTool, textOutput } from '../in-process.ts';

/** Says that the agent is done. Ending the trial is the orchestrator's part. */
export function submitBuiltin(): InProcessTool {
  return {
    name: builtinTools.submit,
    description:
      'Ends your work on the task. Call it once, when everything is done; nothing you call after it is carried out. ' +
      'Give `answer` where the task asks for one.',
    inputSchema: {
      type: 'object',
      properties: {
        answer: { type: 'string', description: 'The answer the task asks for, and nothing else.' },
      },
      additionalProperties: false,
    },
    annotations: { readOnlyHint: true },
    call: async () => textOutput('Submitted.'),
  };
}
