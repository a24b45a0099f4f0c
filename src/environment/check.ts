import { Environment, EvaluationError } from '@marcbachmann/cel-js';
import { messageOf, ProctorError } from '../errors.ts';
import type { Json } from '../schema/json.ts';
import { celMistake } from '../schema/nearest.ts';

const cel = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false })
  .registerVariable('state', 'dyn')
  .registerVariable('initial', 'dyn');

const names = {
  variables: ['state', 'initial'],
  functions: cel.getDefinitions().functions.map(({ name }) => name),
  fields: [],
};

const missing = new Set(['no_such_key', 'index_out_of_bounds']);

/** A compiled check: whether it holds of the state now, given the state at the start. */
export type Check = (state: Json, initial: Json) => boolean;

/**
 * Compiles a CEL expression over `state` and `initial`. Throws `bad-file`, naming `where`, if it does not compile or cannot give true or
 * false. A check that asks for a missing key or element does not hold; any other failure to evaluate throws `bad-file`.
 */
export function compileCheck(expression: string, where: string): Check {
  const evaluate = compile(expression, where);
  return (state, initial) => {
    let value: unknown;
    try {
      value = evaluate({ state, initial });
    } catch (cause) {
      if (cause instanceof EvaluationError && missing.has(cause.code)) return false;
      throw badCheck(expression, where, cause);
    }
    if (typeof value === 'boolean') return value;
    throw badCheck(expression, where, new Error(`expected true or false, got ${typeof value}`));
  };
}

function compile(expression: string, where: string): (context: Record<string, unknown>) => unknown {
  const { valid, type, error } = cel.check(expression);
  if (!valid) {
    throw new ProctorError('bad-file', `${where}, ${celMistake(expression, error, names)}`, { cause: error });
  }
  if (type === 'bool' || type === 'dyn') return cel.parse(expression);
  throw new ProctorError('bad-file', `${where}: gives ${type}, expected true or false`);
}

function badCheck(expression: string, where: string, cause: unknown): ProctorError {
  const { summary = messageOf(cause) } = cause as { summary?: string };
  return new ProctorError('bad-file', `${where}: ${summary} in the check: ${expression.trim()}`);
}

/** Places of the state in an expression, such as `state.orders["A-1"].status`; a name that is called is no place. */
const place = /\b(?:state|initial)(?:\.[A-Za-z_]\w*(?!\w*\()|\["[^"]*"\]|\['[^']*'\]|\[\d+\])+/g;
const maxPlaces = 4;
const maxValueLength = 100;

/** An expression on one line, with the values that the places it asks for really have: why a check did not hold. */
export function explainCheck(expression: string, state: Json, initial: Json): string {
  const places = [...new Set(expression.match(place))].slice(0, maxPlaces);
  const actual = places.map((one) => `${one} is ${shortened(valueAt(one, { state, initial }))}`);
  return [expression.replace(/\s+/g, ' ').trim(), ...actual].join('; ');
}

function valueAt(path: string, from: Json): Json | undefined {
  const keys = [...path.matchAll(/\w+|"([^"]*)"|'([^']*)'/g)].map(([bare, a, b]) => a ?? b ?? bare);
  return keys.reduce<Json | undefined>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, Json>)[key]
        : undefined,
    from,
  );
}

function shortened(value: Json | undefined): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > maxValueLength ? `${text.slice(0, maxValueLength)}…` : text;
}
