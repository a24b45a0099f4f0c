import { ProctorError } from '../../errors.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { builtinTools } from '../../schema/builtin-tool.ts';
import type { EnvironmentConfig } from '../../schema/environment.ts';
import { type InProcessTool, serveTools } from '../in-process.ts';
import { connect } from '../mcp.ts';
import { connectOptions, type OpenServer, type ServerContext } from '../server.ts';
import { bashTool } from './bash.ts';
import { editTool } from './edit.ts';
import { submitBuiltin } from './submit.ts';

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
