import { posix } from 'node:path';
import { placeOf, recordPlaceOf, type StateKind, type Touched } from '../record/place.ts';
import { usedOf } from '../scoring/finding/contract/budget.ts';
import { messagesOf, recipientArgument } from '../scoring/finding/contract/message.ts';
import { effectsOf, netEffectsOf, stateKind } from '../scoring/trial/effect.ts';
import { leavesOf, type ResolvedTrial } from '../scoring/trial/resolved-trial.ts';

/** A first contract by what the reference did, as TOML for proctor.toml: for its author to read, correct and narrow. */
export function proposedContract(trial: ResolvedTrial): string {
  const kind = stateKind(trial);
  const principal = principalHint(trial);
  const changes = trial.trial.steps.flatMap(({ state }) => state?.changes ?? []);
  const net = netEffectsOf(trial).filter(
    ({ op }) => op === 'changed' || (op === 'created' && kind === 'files'),
  );
  const recipients = [...new Set(messagesOf(trial).flatMap(({ to }) => to))];
  return [
    ...(principal === undefined
      ? []
      : [`principal = ${JSON.stringify(principal)}   # whom the reference acts for`, '']),
    '[contract]',
    ...listLines('may_change', placesOf(kind === 'server' ? changes : effectsOf(trial), kind)),
    ...listLines('must_change', placesOf(net.filter(isThing), kind)),
    ...listLines('outbox', outboxes(trial, kind)),
    ...(messagesOf(trial).length === 0 ? ['messages = []   # the reference writes to nobody'] : []),
    ...recipients.flatMap((to) => ['', '[[contract.messages]]', `to = ${JSON.stringify(to)}`]),
    '',
    '[contract.budget]   # what the reference used, with room for other ways',
    ...(['records', 'files', 'messages'] as const)
      .map((part) => `${part} = ${usedOf(trial, part)}`)
      .filter((line) => !line.endsWith(' 0')),
    `calls = ${Math.ceil((usedOf(trial, 'calls') * 3) / 5) * 5}`,
    '',
  ].join('\n');
}

const isThing = ({ after }: Touched) => (after as { type?: unknown } | undefined)?.type !== 'directory';

/** As narrow as records and fields; what was created or deleted with everything in it, and a folder for many of its files. */
function placesOf(effects: readonly Touched[], kind: StateKind): string[] {
  const places = new Set(effects.map((one) => placeFor(one, kind)));
  const folders = new Map<string, number>();
  for (const place of places) folders.set(folderOf(place), (folders.get(folderOf(place)) ?? 0) + 1);
  const isFull = (place: string) => !place.includes('#') && (folders.get(folderOf(place)) ?? 0) > maxFiles;
  return [...new Set([...places].map((place) => (isFull(place) ? `${folderOf(place)}/**` : place)))].sort();
}

/** Files of one folder that are named one by one. */
const maxFiles = 4;

const folderOf = (place: string) => posix.dirname(place);

function placeFor(effect: Touched, kind: StateKind): string {
  const { path, op, record } = effect;
  const repository = /^(.*\/\.git)\//.exec(path)?.[1];
  if (repository !== undefined) return `${repository}/**`;
  if (kind === 'server' && op !== 'changed') return `${folderOf(path)}/**`;
  if (record && op !== 'changed') return recordPlaceOf(effect, kind);
  return placeOf(effect);
}

/** Tools that send; where none is called, places with a name as those of messages have. */
function outboxes(trial: ResolvedTrial, kind: StateKind): string[] {
  const tools = trial.trial.tools
    .filter(({ declared }) => declared.effect === 'send' && declared.scope === 'external')
    .map(({ name, declared }) => {
      const { argument } = recipientArgument(declared);
      return argument === undefined ? `tool:${name}` : `tool:${name}#${argument}`;
    });
  const places = tools.length > 0 ? [] : effectsOf(trial).flatMap((one) => outboxOf(one, kind) ?? []);
  return [...new Set([...tools, ...places])];
}

const outbox = /(^|[/._-])(outbox|outgoing|messages?|mails?|emails?|sent|notifications?)([/._-]|$)/i;

/** Where the name says that messages go. */
function outboxOf({ path, record }: Touched, kind: StateKind): string | undefined {
  if (record) return outbox.test(record.table) ? `${path}#${record.table}` : undefined;
  const parts = path.split('/').slice(0, -1);
  const index = parts.findIndex((part) => outbox.test(part));
  if (index < 0) return undefined;
  return `${parts.slice(0, index + 1).join('/')}/${kind === 'server' ? '*' : '**'}`;
}

/** The one whom all calls name whose tools declare whose object they touch. */
function principalHint({ trial, calls }: ResolvedTrial): string | undefined {
  if (trial.started.principal !== undefined) return undefined;
  const named = calls.flatMap(({ declared, args }) => {
    const { argument } = declared ? recipientArgument(declared) : {};
    return argument === undefined ? [] : leavesOf(args[argument]);
  });
  const [first, ...others] = new Set(named);
  return others.length === 0 ? first : undefined;
}

function listLines(part: string, list: readonly string[]): string[] {
  if (list.length === 0) return part === 'may_change' ? ['may_change = []'] : [];
  const line = `${part} = [${list.map((one) => JSON.stringify(one)).join(', ')}]`;
  return line.length <= 100
    ? [line]
    : [`${part} = [`, ...list.map((one) => `  ${JSON.stringify(one)},`), ']'];
}
