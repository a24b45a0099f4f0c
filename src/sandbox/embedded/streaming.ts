import type { CommandNode, PipelineNode, ScriptNode, SimpleCommandNode, StatementNode } from 'just-bash';
import { parse, type TransformPlugin } from 'just-bash';
import { outputPaths } from './layout.ts';

type Redirection = SimpleCommandNode['redirections'][number];

/** The command that reports the shell's state; its exit code is its argument. */
export const stateCommand = '.state';

/**
 * Rewrites a script so that each command's output is written to `outputPaths` when the command ends, and not when the
 * script does, and so that the shell's directory and exported variables are reported along the way. Without it a killed
 * script would have printed nothing, and one that ends by `exit` would have no state. Scripts that the script itself
 * starts are left alone.
 */
export function streaming(source: string): TransformPlugin {
  let outermost = true;
  return {
    name: 'streaming',
    transform({ ast }) {
      if (!outermost) return { ast };
      outermost = false;
      return { ast: rewrite(ast, source) };
    },
  };
}

function rewrite(script: ScriptNode, source: string): ScriptNode {
  // What `exec` does to the streams must apply to the commands after it.
  const statements = /\bexec\b/.test(source) ? script.statements : script.statements.map(stream);
  // A command in between would change what these say.
  const betweenStatements = !/PIPESTATUS|\$_|\$\{_/.test(source);
  const reporting = betweenStatements
    ? statements.flatMap((statement) => [statement, reportState()])
    : [...statements, reportState()];
  return { ...script, statements: reporting };
}

const stream = (statement: StatementNode): StatementNode => ({
  ...statement,
  pipelines: statement.pipelines.map(streamPipeline),
});

function streamPipeline(pipeline: PipelineNode): PipelineNode {
  const last = pipeline.commands.length - 1;
  if (last === 0) return { ...pipeline, commands: pipeline.commands.map(streamCommand) };
  const commands = pipeline.commands.map((command, index) => {
    if (index === last) return redirect(command, [toStdout(), toStderr()]);
    return pipeline.pipeStderr?.[index] ? command : redirect(command, [toStderr()]);
  });
  return { ...pipeline, commands };
}

function streamCommand(command: CommandNode): CommandNode {
  if (command.type === 'SimpleCommand') return streamSimple(command);
  if ('redirections' in command && !command.redirections.every(isInput)) {
    return redirect(command, [toStdout(), toStderr()]);
  }
  switch (command.type) {
    case 'For':
    case 'CStyleFor':
    case 'Group':
      return { ...command, body: command.body.map(stream) };
    case 'While':
    case 'Until':
      return { ...command, condition: command.condition.map(stream), body: command.body.map(stream) };
    case 'Case':
      return { ...command, items: command.items.map((item) => ({ ...item, body: item.body.map(stream) })) };
    case 'If':
      return {
        ...command,
        clauses: command.clauses.map(({ condition, body }) => ({
          condition: condition.map(stream),
          body: body.map(stream),
        })),
        elseBody: command.elseBody?.map(stream) ?? null,
      };
    default:
      return redirect(command, [toStdout(), toStderr()]);
  }
}

function streamSimple(command: SimpleCommandNode): CommandNode {
  const [part] = command.name?.parts ?? [];
  const name = part?.type === 'Literal' ? part.value : undefined;
  if (name === 'exit') return group([reportState(), statementOf(command)], []);
  if (name && ['exec', 'return', 'break', 'continue'].includes(name)) return command;
  if (command.name) return redirect(command, [toStdout(), toStderr()]);
  return group([statementOf(command)], [toStderr()]);
}

function redirect(command: CommandNode, redirections: Redirection[]): CommandNode {
  if (command.type === 'FunctionDef') return command;
  if (command.type === 'SimpleCommand' && !command.name) return command;
  return { ...command, redirections: [...redirections, ...command.redirections] };
}

const isInput = (redirection: Redirection) =>
  ['<', '<<', '<<-', '<<<'].includes(redirection.operator) && (redirection.fd ?? 0) === 0;

const toStdout = () => append(null, outputPaths.stdout);
const toStderr = () => append(2, outputPaths.stderr);

const append = (fd: number | null, path: string): Redirection => ({
  type: 'Redirection',
  fd,
  operator: '>>',
  target: { type: 'Word', parts: [{ type: 'Literal', value: path }] },
});

const group = (body: StatementNode[], redirections: Redirection[]): CommandNode => ({
  type: 'Group',
  body,
  redirections,
});

const statementOf = (command: CommandNode): StatementNode => ({
  type: 'Statement',
  pipelines: [{ type: 'Pipeline', commands: [command], negated: false }],
  operators: [],
  background: false,
});

/** As the left side of `&&` it neither ends a script under `set -e` nor changes `$?`. */
const reportState = (): StatementNode => parse(`${stateCommand} $? && :`).statements[0] as StatementNode;
