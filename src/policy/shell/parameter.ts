import type { ParameterExpansion, ParameterOperation, Word } from './ast.ts';
import type { ShellScope, Variable } from './scope.ts';

type WordText = (word: Word) => string;

/** The value of `$name`; undefined where this text does not set it. */
export function lookUp(name: string, scope: ShellScope): Variable | undefined {
  const { positional } = scope;
  if (name === '@' || name === '*') return positional && { values: positional, known: true };
  if (name === '#') return positional && known(String(positional.length));
  if (/^[0-9]+$/.test(name)) {
    if (name === '0' || !positional) return undefined;
    const value = positional[Number(name) - 1];
    return value === undefined ? { values: [], known: true } : known(value);
  }
  if (name === 'PWD' && scope.cwd) return known(scope.cwd);
  return scope.variables.get(name);
}

/** The value of `${…}`; undefined where it cannot be worked out. */
export function resolveParameter(
  part: ParameterExpansion,
  scope: ShellScope,
  textOf: WordText,
): Variable | undefined {
  const found = pick(part, scope, textOf);
  if (part.prefix === '#') return found && known(String(lengthOf(found, part)));
  if (part.prefix === '!') return found?.values[0] === undefined ? undefined : lookUp(found.values[0], scope);
  if (!part.operation) return found;
  if (part.operation.type === 'Default')
    return withDefault(part.operation, found, part.parameter, scope, textOf);
  if (!found?.known) return undefined;
  const values: string[] = [];
  for (const value of found.values) {
    const changed = change(value, part.operation, textOf);
    if (changed === undefined) return undefined;
    values.push(changed);
  }
  return { values, known: true };
}

function pick(part: ParameterExpansion, scope: ShellScope, textOf: WordText): Variable | undefined {
  const found = lookUp(part.parameter, scope);
  if (!found || !part.index) return found;
  const index = textOf(part.index);
  if (index === '@' || index === '*') return found;
  const value = found.values[Number(index)];
  return value === undefined ? undefined : { values: [value], known: found.known };
}

function lengthOf(variable: Variable, part: ParameterExpansion): number {
  return part.index ? variable.values.length : (variable.values[0] ?? '').length;
}

function withDefault(
  operation: Extract<ParameterOperation, { operand: Word }>,
  found: Variable | undefined,
  name: string,
  scope: ShellScope,
  textOf: WordText,
): Variable | undefined {
  const set = found !== undefined && found.values.join('') !== '';
  const sign = operation.operator.at(-1);
  if (sign === '+') return set ? known(textOf(operation.operand)) : known('');
  if (set) return found;
  if (sign === '?') return undefined;
  const value = known(textOf(operation.operand));
  if (sign === '=') scope.variables.set(name, value);
  return value;
}

function change(value: string, operation: ParameterOperation, textOf: WordText): string | undefined {
  switch (operation.type) {
    case 'Slice':
      return slice(value, textOf(operation.offset), operation.length && textOf(operation.length));
    case 'Remove':
      return remove(value, operation.operator, textOf(operation.operand));
    case 'Replace':
      return replace(value, operation.operator, textOf(operation.pattern), textOf(operation.replacement));
    case 'CaseModification':
      return changeCase(value, operation.operator);
    default:
      return undefined;
  }
}

function slice(value: string, offset: string, length: string | undefined): string | undefined {
  const from = Number(offset);
  const count = length === undefined ? value.length : Number(length);
  if (Number.isNaN(from) || Number.isNaN(count)) return undefined;
  const start = from < 0 ? value.length + from : from;
  return value.slice(start, count < 0 ? value.length + count : start + count);
}

function remove(value: string, operator: string, pattern: string): string | undefined {
  if (/[*?[]/.test(pattern)) return undefined;
  if (operator.startsWith('#')) return value.startsWith(pattern) ? value.slice(pattern.length) : value;
  return value.endsWith(pattern) ? value.slice(0, value.length - pattern.length) : value;
}

function replace(value: string, operator: string, pattern: string, by: string): string | undefined {
  if (/[*?[]/.test(pattern)) return undefined;
  return operator === '//' ? value.replaceAll(pattern, () => by) : value.replace(pattern, () => by);
}

function changeCase(value: string, operator: string): string {
  const convert = (s: string) => (operator.startsWith('^') ? s.toUpperCase() : s.toLowerCase());
  return operator.length === 2 ? convert(value) : convert(value.slice(0, 1)) + value.slice(1);
}

function known(value: string): Variable {
  return { values: [value], known: true };
}
