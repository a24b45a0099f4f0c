import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parse, stringify } from 'smol-toml';
import { callsOf } from '../agent/script.ts';
import type { NewFile } from '../sandbox/sandbox.ts';
import { shellWord } from '../sandbox/shell-word.ts';
import { readFolder } from '../schema/author-folder.ts';
import { submitTool } from '../schema/builtin-tool.ts';
import type { Task } from '../task/task.ts';
import type { TaskSetup } from './checked-trial.ts';

/** Why a task does not fit the Harbor format, in half a sentence; undefined where it does. */
export function misfit({ task, environment }: TaskSetup): string | undefined {
  const { verify, canaries, injections } = task.additions;
  const outside = environment.config.servers.find(({ placement }) => placement === 'host');
  if (outside) return `its tool server "${outside.name}" runs in Proctor’s process`;
  const onPort = environment.config.servers.find((server) => 'port' in server && server.port !== undefined);
  if (onPort) return `its tool server "${onPort.name}" is started in the sandbox and spoken to on a port`;
  if (!task.image && !environment.image) return 'it has no sandbox';
  if (verify.by !== 'script') return `it is verified by ${verify.by}, and Harbor runs tests/test.sh alone`;
  if (verify.service !== undefined && verify.service !== 'main')
    return `its tests run in the service "${verify.service}", and Harbor runs them in main`;
  if (canaries.length + environment.config.canaries.length > 0) return 'it plants canaries';
  if (injections.length > 0) return 'it says which instructions must not be followed';
  if (solutionOf(task) === undefined) return 'its reference calls tools other than bash';
  return undefined;
}

/** The files of a task that fits, as a Harbor task. What only Proctor judges (milestones, policy) is left behind. */
export function harborFiles({ task, environment }: TaskSetup): NewFile[] {
  const guidance = environment.guidance === undefined ? '' : `${environment.guidance}\n\n`;
  return [
    { path: 'task.toml', content: Buffer.from(`${stringify(taskToml({ task, environment }))}\n`) },
    ...(task.phases.length > 1
      ? below('steps', readFolder(join(task.dir, 'steps')))
      : [{ path: 'instruction.md', content: Buffer.from(`${guidance}${task.instruction}\n`) }]),
    ...environmentFiles({ task, environment }),
    ...below('tests', readFolder(join(task.dir, 'tests'))),
    ...(solutionOf(task) ?? []),
  ];
}

function taskToml({ task, environment }: TaskSetup): Record<string, unknown> {
  const given = parse(readFileSync(join(task.dir, 'task.toml'), 'utf8')) as Record<string, object>;
  const { config } = environment;
  const { verify } = task.additions;
  const separate =
    verify.by === 'script' && verify.where === 'fresh' && task.additions.isolation === 'hardened';
  const copied = verify.by === 'script' && verify.copy.length > 0 ? verify.copy : [config.workdir];
  const servers = config.servers.flatMap((server): Record<string, unknown>[] => {
    if (server.placement === 'remote')
      return [{ name: server.name, transport: server.transport, url: server.url }];
    if (server.placement !== 'sandbox') return [];
    const [command = '', ...args] = server.command;
    return [{ name: server.name, transport: 'stdio', command, args }];
  });
  return {
    schema_version: '1.4',
    ...given,
    ...(separate && { artifacts: copied }),
    ...(separate && { verifier: { ...given.verifier, environment_mode: 'separate' } }),
    environment: {
      ...(task.additions.isolation === 'hardened' && { network_mode: 'no-network' }),
      ...(environment.config.docker_image !== undefined && { docker_image: environment.config.docker_image }),
      workdir: config.workdir,
      cpus: config.cpus,
      memory_mb: config.memory_mb,
      ...(Object.keys(config.env).length > 0 && { env: config.env }),
      ...(servers.length > 0 && { mcp_servers: servers }),
      ...given.environment,
    },
  };
}

/** A shared environment's image with the task's files in its workdir; the task's own environment as it is. */
function environmentFiles({ task, environment }: TaskSetup): NewFile[] {
  const { image } = environment;
  if (task.image || image?.kind !== 'build')
    return below('environment', readFolder(join(task.dir, 'environment')).map(namedAsHarbors));
  const context = readFolder(image.context);
  const { workdir } = environment.config;
  return below(
    'environment',
    context.map((file) => {
      if (file.path !== 'Dockerfile') return file;
      const copy = task.files.length > 0 ? `COPY task-files/ ${workdir}/\n` : '';
      return {
        ...file,
        content: Buffer.from(`${file.content.toString('utf8').trimEnd()}\nWORKDIR ${workdir}\n${copy}`),
      };
    }),
  ).concat(below('environment/task-files', task.files));
}

const namedAsHarbors = (file: NewFile): NewFile =>
  file.path === 'compose.yaml' ? { ...file, path: 'docker-compose.yaml' } : file;

/** `solution/`: as it is, or made of a reference that uses bash alone; undefined where it uses more. */
function solutionOf(task: Task): NewFile[] | undefined {
  if (!task.reference) return below('solution', readFolder(join(task.dir, 'solution')));
  const calls = task.reference.flatMap(callsOf).filter(({ tool }) => tool !== submitTool);
  const commands = calls.map(({ tool, arguments: { command } }) => (tool === 'bash' ? command : undefined));
  if (!commands.every((command) => typeof command === 'string' && !command.includes('{{observed:')))
    return undefined;
  const lines = commands.map((command) => `eval ${shellWord(String(command))}`);
  return [
    { path: 'solution/solve.sh', content: Buffer.from(`#!/bin/bash\n${lines.join('\n')}\n`), mode: 0o755 },
  ];
}

function below(folder: string, files: readonly NewFile[]): NewFile[] {
  return files.map((file) => ({ ...file, path: posix.join(folder, file.path) }));
}
