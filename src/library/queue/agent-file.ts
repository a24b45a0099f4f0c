import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseAgentId } from '../../agent/parse-agent.ts';
import { parseWrapper } from '../../agent/wrapper/parse-wrapper.ts';
import { messageOf, ProctorError } from '../../errors.ts';
import { sha256 } from '../../trace/digest.ts';

/**
 * The sha256 of each file that an agent is made of, by its absolute path: of modules and Python files, wrapped ones too. Throws `bad-file`
 * where one can't be read.
 * @param folder what their paths are relative to
 */
export function agentFiles(agent: string, folder: string): Record<string, string> {
  const named = parseWrapper(agent);
  if (named) {
    const inner = named.wrapper === 'escalate' ? [named.first, named.second] : [named.agent];
    return Object.assign({}, ...inner.map((one) => agentFiles(one, folder)));
  }
  const { kind, argument } = parseAgentId(agent);
  if (kind !== 'module' && kind !== 'py') return {};
  const path = resolve(folder, argument.replace(/:[A-Za-z_$][\w$]*$/, ''));
  try {
    return { [path]: sha256(readFileSync(path)) };
  } catch (error) {
    throw new ProctorError('bad-file', `${path}: ${messageOf(error)}`, { cause: error });
  }
}
