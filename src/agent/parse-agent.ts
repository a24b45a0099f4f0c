import { ProctorError } from '../errors.ts';

/** Every kind of agent, and what stands after its colon; null where nothing does. */
const agentKinds = {
  openai: 'model',
  'openai-responses': 'model',
  anthropic: 'model',
  google: 'model',
  scripted: 'name or file.json',
  oracle: null,
  nop: null,
  human: null,
  external: 'command line',
  inside: 'name or command line',
  py: 'file.py',
} as const;

type AgentKind = keyof typeof agentKinds | 'module';

interface AgentId {
  kind: AgentKind;
  /** Empty where the kind takes none. */
  argument: string;
}

/** Takes `openai:gpt-4.1` apart; everything after the first colon is the argument, and a module's path is one. Throws `bad-flag`. */
export function parseAgentId(text: string): AgentId {
  if (isModule(text)) return { kind: 'module', argument: text };
  const colon = text.indexOf(':');
  const kind = colon < 0 ? text : text.slice(0, colon);
  const argument = colon < 0 ? '' : text.slice(colon + 1).trim();
  if (!isKind(kind)) throw badAgent(text, `there is no agent '${kind}'`);
  const wanted = agentKinds[kind];
  if (wanted !== null && argument === '') throw badAgent(text, `'${kind}' needs a ${wanted} after a colon`);
  if (wanted === null && colon >= 0) throw badAgent(text, `'${kind}' takes nothing after it`);
  return { kind, argument };
}

/** A path of a TypeScript or JavaScript file, and perhaps the name of an export after a colon. */
const isModule = (text: string) => /^[^():]+\.[cm]?[jt]s(:[A-Za-z_$][\w$]*)?$/.test(text);

const isKind = (text: string): text is keyof typeof agentKinds => Object.hasOwn(agentKinds, text);

function badAgent(text: string, problem: string): ProctorError {
  const forms = Object.entries(agentKinds).map(([kind, argument]) =>
    argument ? `${kind}:<${argument}>` : kind,
  );
  const more = './<module>.ts[:export], retry(<n>, <agent>), vote(<n>, <agent>), escalate(<agent>, <agent>)';
  return new ProctorError('bad-flag', `agent '${text}': ${problem}; expected ${forms.join(', ')}, ${more}`);
}
