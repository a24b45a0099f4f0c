import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { loadAgentFolder } from '../../src/agent/inside/agent-folder.ts';
import { proctorProgram } from '../../src/cli/program.ts';
import { loadEnvironment } from '../../src/environment/load.ts';
import { errorKinds } from '../../src/errors.ts';
import { defaultRules } from '../../src/policy/default-rule.ts';
import { jsonSchemas } from '../../src/schema/json-schema.ts';
import { composeFields } from '../../src/task/compose/field-table.ts';
import { findTasks } from '../../src/task/find.ts';
import { harborFields } from '../../src/task/harbor/field-table.ts';
import type { Task } from '../../src/task/task.ts';
import { figureTable, summary } from '../corpus/figure.ts';
import { measured } from '../corpus/measured.ts';
import { kindTable, sumTable, wayTable } from '../corpus/world/figure.ts';
import { measured as measuredWorlds } from '../corpus/world/measured.ts';
import { parts } from '../corpus/world/world.ts';
import { published } from '../task/compose/published.ts';
import { taxonomy } from './taxonomy.ts';

/** Every part of a README that is made from the code, by the name between its markers. */
function generatedParts(): Record<string, string> {
  const schemas = jsonSchemas() as Record<string, JsonSchema>;
  return {
    commands: commands(proctorProgram()),
    errors: errors(),
    taxonomy: kinds(),
    corpus: corpus(),
    worlds: worlds(),
    suites: suites(),
    environments: environments(),
    agents: insideAgents(),
    'agent.toml': fields(schemas['agent.schema.json']),
    'task.toml': harbor(),
    'compose.yaml': compose(),
    'proctor.toml': fields(schemas['task.schema.json']),
    'suite.toml': fields(schemas['suite.schema.json']),
    'environment.toml': fields(schemas['environment.schema.json']),
    'policy.toml': fields(schemas['policy.schema.json']),
  };
}

/** The names of all parts that some README has to hold. */
export const partNames = (): string[] => Object.keys(generatedParts());

/** The names of the parts whose markers a text holds. */
export const partsIn = (text: string): string[] =>
  [...text.matchAll(/<!-- generated: (\S+) -->/g)].map(([, name]) => name ?? '');

/** A text with each of its generated parts made anew. Throws where a marker is not closed, or names no part. */
export function withGenerated(readme: string): string {
  const made = generatedParts();
  let text = readme;
  for (const name of partsIn(readme)) {
    const [open, close] = [`<!-- generated: ${name} -->`, `<!-- /generated: ${name} -->`];
    const from = text.indexOf(open);
    const to = text.indexOf(close);
    const part = made[name];
    if (to < from || part === undefined)
      throw new Error(`the part ${name} has no end, or is none that is made`);
    text = `${text.slice(0, from + open.length)}\n${part}\n${text.slice(to)}`;
  }
  return text;
}

function suites(): string {
  const rows = readdirSync('tasks', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const tasks = findTasks([join('tasks', name)]);
      const count = (test: (task: Task) => boolean) => String(tasks.filter(test).length);
      const settings = [...new Set(tasks.map(({ additions }) => additions.environment))].sort();
      const lengths = tasks.flatMap(({ reference }) => (reference ? [reference.length] : []));
      return [
        `\`${name}\``,
        String(tasks.length),
        settings
          .map((setting) => `${count((t) => t.additions.environment === setting)} \`${setting}\``)
          .join(', '),
        `${Math.min(...lengths)} to ${Math.max(...lengths)}`,
        count((task) => task.additions.needs.length === 0),
        count((task) => task.additions.injections.length > 0),
        count((task) => task.additions.impossible),
      ];
    });
  return table(
    [
      'suite',
      'tasks',
      'environment',
      'reference steps',
      'run on embedded too',
      'with planted instructions',
      'impossible',
    ],
    rows,
  );
}

const foldersOf = (dir: string) =>
  readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
    .map(({ name }) => name);

function environments(): string {
  const rows = foldersOf('environments').map((name) => {
    const { config } = loadEnvironment(name, { roots: ['environments'] });
    return [`\`${name}\``, config.description ?? ''];
  });
  return table(['environment', ''], rows);
}

function insideAgents(): string {
  const rows = foldersOf('sandbox-images/agents').map((name) => {
    const { description, apis, versions } = loadAgentFolder(name);
    const installed = Object.entries(versions).map(([what, version]) => `\`${what}\` ${version}`);
    return [`\`${name}\``, description, apis.join(', '), installed.join(', ')];
  });
  return table(['agent', '', 'asks by', 'installs'], rows);
}

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

function commands(program: Command): string {
  return program.commands.flatMap(withInner).map(commandPart).join('\n\n');
}

/** A command, or in its place the commands it is made of. */
const withInner = (command: Command): Command[] =>
  command.commands.length > 0 ? [...command.commands] : [command];

function commandPart(command: Command): string {
  const head = `**\`${pathOf(command)} ${command.usage()}\`**: ${command.description()}`;
  const rows = command.options.map(
    (option) =>
      `| \`${option.flags}\` | ${cell(option.description)}${preset(option.defaultValue, option.defaultValueDescription)} |`,
  );
  return rows.length === 0 ? head : `${head}\n\n| option | |\n|---|---|\n${rows.join('\n')}`;
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function preset(value: unknown, described: string | undefined): string {
  if (value === undefined || described === 'none' || (Array.isArray(value) && value.length === 0)) return '';
  return ` (default: \`${described ?? String(value)}\`)`;
}

function harbor(): string {
  const rows = Object.entries(harborFields).map(
    ([path, { handling, what }]) => `| \`${path}\` | ${handling} | ${cell(what)} |`,
  );
  return `| field | | what becomes of it |\n|---|---|---|\n${rows.join('\n')}`;
}

function compose(): string {
  const rows = Object.entries(composeFields).map(
    ([path, { handling, what }]) =>
      `| \`${path}\` | ${handling} | ${published.fields[path] ?? ''} | ${cell(what)} |`,
  );
  return `| field | | seen | what becomes of it |\n|---|---|---|---|\n${rows.join('\n')}`;
}

function kinds(): string {
  const rows = taxonomy({ rules: [...defaultRules] }).map(({ category, what, example, foundBy }) => {
    return `| \`${category}\` | ${cell(what)} | ${cell(example)} | ${foundBy.map((name) => `\`${name}\``).join(', ') || 'rules of the environment'} |`;
  });
  return `| kind | what | example | found by |\n|---|---|---|---|\n${rows.join('\n')}`;
}

function corpus(): string {
  const { frozen, open } = measured();
  const told = ({ scorers, kinds }: typeof open) => `${summary(kinds)} (scorers ${scorers})`;
  return `The frozen half: ${told(frozen)}. The open half: ${told(open)}.\n\n${figureTable(frozen.kinds)}`;
}

function worlds(): string {
  const counted = measuredWorlds();
  return [...parts]
    .reverse()
    .flatMap((part) => {
      const authors = Object.entries(counted[part] ?? {});
      const sums = sumTable(authors.map(([, own]) => own.sums));
      return [
        `The ${part} part, by scorers ${[...new Set(authors.map(([, own]) => own.scorers))].join(' and ')}:\n\n${sums}`,
        ...authors.map(
          ([author, { kinds }]) =>
            `Author ${author}, the ${part} part:\n\n${wayTable(kinds)}\n\n${kindTable(kinds)}`,
        ),
      ];
    })
    .join('\n\n');
}

function errors(): string {
  const exits = { gate: 1, author: 2, infrastructure: 3, interrupted: 130 };
  const rows = Object.entries(exits).map(([kind, exit]) => {
    const codes = Object.entries(errorKinds).filter(([, k]) => k === kind);
    return `| ${exit} | ${kind} | ${codes.map(([code]) => `\`${code}\``).join(', ')} |`;
  });
  return `| exit | whose | codes |\n|---|---|---|\n${rows.join('\n')}`;
}

interface JsonSchema {
  type?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  additionalProperties?: JsonSchema | boolean;
}

function fields(schema: JsonSchema | undefined): string {
  if (!schema) throw new Error('no such schema');
  return `| field | type | |\n|---|---|---|\n${rowsOf(schema, '').join('\n')}`;
}

function rowsOf(schema: JsonSchema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const path = `${prefix}${key}`;
    const inner = innerOf(field, path);
    const fallback =
      field.default === undefined || typeof field.default === 'object'
        ? ''
        : ` (default: \`${JSON.stringify(field.default)}\`)`;
    return [`| \`${path}\` | ${typeOf(field)} | ${cell(field.description ?? '')}${fallback} |`, ...inner];
  });
}

function innerOf(field: JsonSchema, path: string): string[] {
  const within = field.items ? `${path}[].` : `${path}.`;
  const target =
    field.items ?? (typeof field.additionalProperties === 'object' ? field.additionalProperties : field);
  const suffix = !field.items && target !== field ? `${path}.<name>.` : within;
  const variants = [target, ...(target.anyOf ?? []), ...(target.oneOf ?? [])].filter((one) => one.properties);
  return [...new Set(variants.flatMap((variant) => rowsOf(variant, suffix)))];
}

function typeOf(field: JsonSchema): string {
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.enum) return field.enum.map((value) => `\`${value}\``).join(', ');
  const variants = field.anyOf ?? field.oneOf;
  if (variants) return [...new Set(variants.map(typeOf))].join(' or ');
  if (field.items) return `list of ${typeOf(field.items)}`;
  if (field.type === 'object') return 'table';
  return field.type ?? 'any';
}

const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
