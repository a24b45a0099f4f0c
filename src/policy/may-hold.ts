import type { ASTNode } from '@marcbachmann/cel-js';

type Variables = Readonly<Record<string, unknown>>;
/** `items` are what the variables of `exists` stand for, outermost first. A term is only relied on where it gives a text or a list. */
type Term = (variables: Variables, items: unknown[]) => unknown;
type Condition = (variables: Variables, items: unknown[]) => boolean;
/** The variables of `exists` around a node, outermost first. */
type Bound = readonly string[];

/**
 * A quick look before an expression is evaluated: false only where it certainly does not hold, true where evaluating it must tell.
 * Most rules ask for a program, a path or a host that most calls have not.
 */
export function mayHold(ast: ASTNode): (variables: Variables) => boolean {
  const may = condition(ast, []);
  return (variables) => may(variables, []);
}

const unsure = () => true;

function condition(node: ASTNode, bound: Bound): Condition {
  if (node.op === '||' || node.op === '&&') {
    const [left, right] = [condition(node.args[0], bound), condition(node.args[1], bound)];
    if (node.op === '&&') return (variables, items) => left(variables, items) && right(variables, items);
    return (variables, items) => left(variables, items) || right(variables, items);
  }
  if (node.op === '==') return equality(node.args, bound);
  if (node.op === 'in') return membership(node.args, bound);
  if (node.op !== 'rcall') return unsure;
  const [method, receiver, args] = node.args;
  if (method === 'exists') return some(receiver, args, bound);
  const [wanted] = args.map(literal);
  const holds = wanted === undefined ? undefined : ofText[method]?.(wanted);
  return holds ? onText(term(receiver, bound), holds) : unsure;
}

const ofText: Partial<Record<string, (wanted: string) => (text: string) => boolean>> = {
  matches(wanted) {
    const pattern = new RegExp(wanted);
    return (text) => pattern.test(text);
  },
  startsWith: (wanted) => (text) => text.startsWith(wanted),
  endsWith: (wanted) => (text) => text.endsWith(wanted),
};

function onText(of: Term, holds: (text: string) => boolean): Condition {
  return (variables, items) => {
    const text = of(variables, items);
    return typeof text !== 'string' || holds(text);
  };
}

function equality([left, right]: readonly [ASTNode, ASTNode], bound: Bound): Condition {
  const wanted = literal(right);
  return wanted === undefined ? unsure : onText(term(left, bound), (text) => text === wanted);
}

function membership([member, list]: readonly [ASTNode, ASTNode], bound: Bound): Condition {
  const wanted = literal(member);
  if (wanted !== undefined) {
    const all = term(list, bound);
    return (variables, items) => {
      const found = all(variables, items);
      return !Array.isArray(found) || found.includes(wanted);
    };
  }
  const listed = list.op === 'list' ? list.args.map(literal) : [undefined];
  if (listed.includes(undefined)) return unsure;
  const known = new Set(listed);
  return onText(term(member, bound), (text) => known.has(text));
}

function some(list: ASTNode, [variable, body]: readonly ASTNode[], bound: Bound): Condition {
  if (variable?.op !== 'id' || !body) return unsure;
  const all = term(list, bound);
  const may = condition(body, [...bound, variable.args]);
  return (variables, items) => {
    const found = all(variables, items);
    if (!Array.isArray(found)) return true;
    for (const item of found) {
      items[bound.length] = item;
      if (may(variables, items)) return true;
    }
    return false;
  };
}

function term(node: ASTNode, bound: Bound): Term {
  if (node.op === 'id') {
    const name = node.args;
    const at = bound.lastIndexOf(name);
    return at < 0 ? (variables) => variables[name] : (_, items) => items[at];
  }
  if (node.op === '.') {
    const [of, field] = [term(node.args[0], bound), node.args[1]];
    return (variables, items) => (of(variables, items) as Variables | undefined)?.[field];
  }
  if (node.op !== 'rcall' || node.args[0] !== 'lowerAscii') return () => undefined;
  const of = term(node.args[1], bound);
  return (variables, items) => {
    const text = of(variables, items);
    return typeof text === 'string' ? text.toLowerCase() : undefined;
  };
}

const literal = (node: ASTNode) =>
  node.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
