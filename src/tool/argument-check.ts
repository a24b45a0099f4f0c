import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { isJsonObject, type Json, type JsonObject } from '../schema/json.ts';
import { nearest } from '../schema/nearest.ts';

/**
 * Checks a call's arguments: one phrase per fault, none where they fit. What is null where nothing would fit, and null not, was left out
 * of `args`.
 */
export type ArgumentCheck = (args: JsonObject) => { faults: string[]; args: JsonObject };

const options: Options = {
  strict: false,
  allErrors: true,
  verbose: true,
  validateSchema: false,
  logger: false,
};
const drafts = { '2020-12': new Ajv2020(options), '07': new Ajv(options) };
for (const ajv of Object.values(drafts)) formats.default(ajv);

const maxFaults = 8;
const checks = new Map<string, ArgumentCheck>();

/** Compiles a tool's input schema. Throws where it is no schema. */
export function argumentCheck(schema: JsonObject): ArgumentCheck {
  const key = JSON.stringify(schema);
  const known = checks.get(key);
  if (known) return known;
  const validate = compile(schema);
  const check: ArgumentCheck = (args) => {
    if (validate(args)) return { faults: [], args };
    const errors = validate.errors ?? [];
    const without = structuredClone(args);
    for (const { data, instancePath } of errors) if (data === null) leaveOut(without, instancePath);
    return validate(without) ? { faults: [], args: without } : { faults: faults(errors), args };
  };
  checks.set(key, check);
  return check;
}

/** By draft 07 where a schema says so, else by 2020-12; older ones that do not say what they are pass as draft 07. */
function compile({ $schema, $id: _, ...schema }: JsonObject): ValidateFunction {
  if (/draft-0[4-7]/.test(String($schema))) return drafts['07'].compile(schema);
  try {
    return drafts['2020-12'].compile(schema);
  } catch (error) {
    try {
      return drafts['07'].compile(schema);
    } catch {
      throw error;
    }
  }
}

/** Takes the value at a path out of the object that holds it. */
function leaveOut(args: JsonObject, path: string): void {
  const steps = path.split('/').slice(1);
  const keys = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop();
  let at: Json | undefined = args;
  for (const key of keys) at = (at as JsonObject | undefined)?.[key];
  if (isJsonObject(at) && last !== undefined) delete at[last];
}

function faults(errors: ErrorObject[]): string[] {
  const telling = errors.filter(({ keyword }) => keyword !== 'if');
  const phrases = [...new Set(telling.map(phrase))];
  const more = phrases.length - maxFaults;
  return more > 0 ? [...phrases.slice(0, maxFaults), `and ${more} more`] : phrases;
}

function phrase({ keyword, instancePath, params, message, data, parentSchema }: ErrorObject): string {
  const at = (name?: string) =>
    `"${[...instancePath.split('/').slice(1), ...(name === undefined ? [] : [name])].join('.')}"`;
  const where = instancePath === '' ? 'the arguments' : at();
  switch (keyword) {
    case 'required':
      return `${at(params.missingProperty)} is missing`;
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name: string = params.additionalProperty ?? params.unevaluatedProperty;
      const known = Object.keys(parentSchema?.properties ?? {});
      return `${at(name)} is not an argument; ${nameHint(name, known, `it takes ${known.join(', ') || 'none'}`)}`;
    }
    case 'type':
      return `${where}: expected ${[params.type].flat().join(' or ')}, got ${got(data)}`;
    case 'enum':
      return `${where}: expected one of ${params.allowedValues.map(brief).join(', ')}, got ${brief(data)}`;
    case 'const':
      return `${where}: expected ${brief(params.allowedValue)}, got ${brief(data)}`;
    default:
      return `${where}: ${message}, got ${got(data)}`;
  }
}

/** Which of the known names was probably meant; `otherwise` where none is near. */
export function nameHint(name: string, known: readonly string[], otherwise: string): string {
  const near = nearest(name, known, Math.max(2, name.length / 3));
  return near === undefined ? otherwise : `did you mean "${near}"?`;
}

function got(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `array ${brief(value)}`;
  return `${typeof value} ${brief(value)}`;
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
