import { type ASTNode, Environment, type ParseResult } from '@marcbachmann/cel-js';
import { messageOf, ProctorError } from '../errors.ts';
import { celMistake, linePosition } from '../schema/nearest.ts';
import { isPattern } from '../schema/pattern.ts';
import { mayHold } from './may-hold.ts';

/** A compiled expression: true or false, or why it could not be told. Never throws. */
export type Expression = (variables: Record<string, unknown>) => boolean | { reason: string };

/** What rules know of the task, whatever they are judged on. */
const toldVariables = { instruction: 'string', principal: 'string', said: 'list<string>' };

/** What rules before a call can use. */
const callVariables = {
  tool: 'string',
  args: 'map<string, dyn>',
  commands: 'list<ShellCommand>',
  calls: 'list<PastCall>',
  reads: 'list<string>',
  writes: 'list<string>',
  deletes: 'list<string>',
  hosts: 'list<string>',
  ...toldVariables,
};

const changeVariables = { change: 'StateChange', ...toldVariables };

const attemptVariables = { attempt: 'NetworkAttempt', ...toldVariables };

const types: Record<string, Record<string, string>> = {
  Redirect: { op: 'string', path: 'string' },
  ShellCommand: {
    name: 'string',
    args: 'list<string>',
    flags: 'list<string>',
    operands: 'list<string>',
    text: 'string',
    redirects: 'list<Redirect>',
    env: 'map<string, string>',
    via: 'list<string>',
    within: 'list<string>',
    piped: 'bool',
    code: 'string',
    resolved: 'bool',
    reads: 'list<string>',
    writes: 'list<string>',
    deletes: 'list<string>',
    hosts: 'list<string>',
  },
  PastCall: { tool: 'string', args: 'map<string, dyn>', ok: 'bool', text: 'string', step: 'dyn' },
  NetworkAttempt: {
    protocol: 'string',
    verdict: 'string',
    name: 'string',
    address: 'string',
    port: 'int',
    method: 'string',
    host: 'string',
    path: 'string',
    size: 'int',
  },
  StateChange: { path: 'string', op: 'string', before: 'dyn', after: 'dyn' },
};

/** JSON numbers are doubles; with these they go together with whole numbers of an expression. */
const arithmetic: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

/** What an expression may be over, and the variables it then has. */
const subjects = { call: callVariables, change: changeVariables, attempt: attemptVariables };

const environments = {
  call: environmentOf(callVariables),
  change: environmentOf(changeVariables),
  attempt: environmentOf(attemptVariables),
};

function environmentOf(variables: Record<string, string>): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false });
  for (const [name, fields] of Object.entries(types)) environment.registerType(name, { fields });
  for (const [name, type] of Object.entries(variables)) environment.registerVariable(name, type);
  for (const [operator, apply] of Object.entries(arithmetic)) {
    const handler = (a: number | bigint, b: number | bigint) => apply(Number(a), Number(b));
    environment.registerOperator(`double ${operator} int: double`, handler);
    environment.registerOperator(`int ${operator} double: double`, handler);
  }
  environment.registerOperator('double % double: double', (a: number, b: number) => a % b);
  return environment;
}

/** Compiles and type-checks CEL over the variables of its subject. `where` begins the error's text. */
export function compileExpression(source: string, over: keyof typeof subjects, where: string): Expression {
  const parsed = parse(source, over, where);
  const { valid, type, error } = parsed.check();
  if (!valid) throw mistake(source, error, where, over);
  if (type !== 'bool' && type !== 'dyn') {
    throw new ProctorError('bad-file', `${where}: gives ${type}, expected true or false`);
  }
  checkPatterns(parsed.ast, source, where);
  const may = mayHold(parsed.ast);
  return (values) => may(values) && evaluate(parsed, values);
}

function parse(source: string, over: keyof typeof subjects, where: string): ParseResult {
  try {
    return environments[over].parse(source);
  } catch (error) {
    throw mistake(source, error, where, over);
  }
}

function evaluate(parsed: ParseResult, values: Record<string, unknown>): boolean | { reason: string } {
  try {
    const result: unknown = parsed(values);
    return typeof result === 'boolean' ? result : { reason: `gave ${typeof result}, expected true or false` };
  } catch (error) {
    return { reason: summaryOf(error) };
  }
}

function mistake(source: string, error: unknown, where: string, over: keyof typeof subjects): ProctorError {
  const names = {
    variables: Object.keys(subjects[over]),
    functions: environments[over].getDefinitions().functions.map(({ name }) => name),
    fields: Object.values(types).flatMap(Object.keys),
  };
  return new ProctorError('bad-file', `${where}, ${celMistake(source, error, names)}`, { cause: error });
}

function summaryOf(error: unknown): string {
  const { summary } = (error ?? {}) as { summary?: string };
  return summary ?? messageOf(error);
}

/** The library compiles patterns when they are used; a mistaken one is the author's, so it is found at once. */
function checkPatterns(node: unknown, source: string, where: string): void {
  if (Array.isArray(node)) for (const item of node) checkPatterns(item, source, where);
  if (!isNode(node)) return;
  const [method, ...rest] = node.op === 'rcall' || node.op === 'call' ? (node.args as unknown[]) : [];
  const pattern =
    method === 'matches' ? literalText((rest.at(-1) as unknown[] | undefined)?.at(-1)) : undefined;
  if (pattern !== undefined && !isPattern(pattern)) {
    const at = linePosition(source, node.range.start);
    throw new ProctorError('bad-file', `${where}, ${at}: "${pattern}" is not a regular expression`);
  }
  checkPatterns(node.args, source, where);
}

function isNode(node: unknown): node is ASTNode {
  return typeof node === 'object' && node !== null && 'op' in node && 'args' in node;
}

function literalText(node: unknown): string | undefined {
  return isNode(node) && node.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
}
