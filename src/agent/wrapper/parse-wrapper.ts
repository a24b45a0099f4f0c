import { ProctorError } from '../../errors.ts';

/** A wrapper as a user named it, with the ids of the agents in it. */
export type NamedWrapper =
  | { wrapper: 'retry' | 'vote'; count: number; agent: string }
  | { wrapper: 'escalate'; first: string; second: string };

const forms = 'retry(<n>, <agent>), vote(<n>, <agent>) or escalate(<agent>, <agent>)';

/** Takes `vote(3, openai:gpt-4.1)` apart; undefined where a text names no wrapper. Throws `bad-flag`. */
export function parseWrapper(text: string): NamedWrapper | undefined {
  const [, wrapper, inside] = /^(\w+)\s*\((.*)\)$/s.exec(text.trim()) ?? [];
  if (wrapper === undefined || inside === undefined) return undefined;
  const bad = (problem: string) =>
    new ProctorError('bad-flag', `agent '${text}': ${problem}; expected ${forms}`);
  switch (wrapper) {
    case 'retry':
    case 'vote': {
      const [, count, agent] = /^\s*(\d+)\s*,\s*(\S.*)$/s.exec(inside) ?? [];
      const least = wrapper === 'vote' ? 2 : 1;
      if (count === undefined || agent === undefined || Number(count) < least || Number(count) > 100)
        throw bad(`'${wrapper}' needs a whole number from ${least} to 100, a comma and an agent`);
      return { wrapper, count: Number(count), agent: agent.trim() };
    }
    case 'escalate': {
      const agents = partsOf(inside);
      const [first, second] = agents;
      if (!first || !second || agents.length > 2)
        throw bad("'escalate' needs two agents with a comma between");
      return { wrapper, first, second };
    }
  }
  throw bad(`there is no wrapper '${wrapper}'`);
}

/** The parts between the commas that stand in no brackets or quotes. */
function partsOf(text: string): string[] {
  const parts = [''];
  let depth = 0;
  let quote = '';
  for (const character of text) {
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    if (character === ',' && depth === 0 && quote === '') parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}
