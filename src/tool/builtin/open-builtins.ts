import { ProctorError } from '../../errors.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { builtinTools } from '../../schema/builtin-tool.ts';
import type { EnvironmentConfig } from '../../schema/environment.ts';
import { textResult } from '../call-outcome.ts';
import { connect, type InProcessTool, serveTools } from '../mcp.ts';
import { connectOptions, type OpenServer, type ServerContext } from '../server.ts';
import { bashTool } from './bash.ts';
import { editTool } from './edit.ts';

const inSandbox: Record<
  EnvironmentConfig['builtin'][number],
  (sandbox: Sandbox, captureBytes: number) => InProcessTool
> = {
  [builtinTools.bash]: bashTool,
  [builtinTools.edit]: editTool,
};

/** The server of the built-in tools: those that were asked for, and `submit`. */
export async function openBuiltins(
  names: EnvironmentConfig['builtin'],
  context: ServerContext,
): Promise<OpenServer> {
  const { sandbox, captureBytes, dir } = context;
  const tools = names.map((name) => {
    if (sandbox) return inSandbox[name](sandbox, captureBytes);
    throw new ProctorError(
      'bad-file',
      `${dir}/environment.toml: "builtin" has ${name}, which needs a sandbox.`,
    );
  });
  const connection = await connect(
    await serveTools([...tools, submitBuiltin()]),
    connectOptions('builtin', context),
  );
  return { name: 'builtin', placement: 'builtin', connection, close: () => connection.close() };
}

/** Says that the agent is done. Ending the trial is the orchestrator's part. */
function submitBuiltin(): InProcessTool {
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
    call: async () => textResult('Submitted.'),
  };
}
