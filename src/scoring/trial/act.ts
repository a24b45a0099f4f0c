import { actsOnNothing, namesTests } from '../../policy/known-tool.ts';
import type { ShellCommand } from '../../policy/shell/command.ts';
import { programsIn, runsTests } from './program.ts';
import type { ResolvedCall, ResolvedTrial } from './resolved-trial.ts';
import { changedState } from './world.ts';

/** What a call that was made did to the world, and what its agent could see by it; undefined where nobody can tell. */
export interface Act {
  call: ResolvedCall;
  wrote: boolean | undefined;
  /** Showed something of the world, or ran something that may have failed. */
  looked: boolean | undefined;
  /** Looked after all that it wrote itself. */
  lookedLast: boolean | undefined;
  tested: boolean;
}

/** What each call did that was made and is neither the last word nor a note to oneself, in order. */
export const actsOf = (resolved: ResolvedTrial): readonly Act[] => resolved.once(acts);

function acts(resolved: ResolvedTrial): Act[] {
  const idle = new Set(toolsOf(resolved).filter(actsOnNothing));
  const programs = programsIn(resolved);
  return resolved.calls
    .filter(({ made, call }) => made && !idle.has(call.tool))
    .map((call) => {
      const act = actOf(call, programs);
      const changed = changedState(resolved.trial, call.step);
      const wrote = call.ok && changed === false ? false : act.wrote;
      return { ...act, wrote: wrote === undefined && isAlone(call) ? changed : wrote };
    });
}

/** The names of all tools that were called. */
export const toolsOf = ({ calls }: ResolvedTrial): string[] => [
  ...new Set(calls.map(({ call }) => call.tool)),
];

const isAlone = ({ step }: ResolvedCall) => step.calls.length === 1;

type Programs = ReadonlyMap<ShellCommand, string>;

function actOf(call: ResolvedCall, programs: Programs): Act {
  const { facts, declared, ok } = call;
  if (facts.shell !== undefined) return shellAct(call, programs);
  const tested = namesTests(call.call.tool);
  const reads = facts.reads.length > 0 || declared?.effect === 'read';
  if (reads || tested) return { call, wrote: false, looked: true, lookedLast: true, tested };
  if (!declared) return { call, wrote: undefined, looked: undefined, lookedLast: undefined, tested };
  const wrote = declared.effect === 'exec' ? undefined : ok;
  return { call, wrote, looked: declared.effect === 'exec', lookedLast: false, tested };
}

function shellAct(call: ResolvedCall, programs: Programs): Act {
  const { commands } = call.facts;
  const does = commands.map((command) => deedOf(command, programs.get(command) ?? ''));
  const last = does.lastIndexOf('writes');
  const wrote = last >= 0 ? call.ok : does.includes('runs') ? undefined : false;
  const mayHave = last >= 0 ? last : does.lastIndexOf('runs');
  return {
    call,
    wrote,
    looked: does.some(isLook),
    lookedLast: does.slice(mayHave + 1).some(isLook),
    tested: commands.some((command) => runsTests(command, programs.get(command) ?? '')),
  };
}

type Deed = 'writes' | 'looks' | 'runs' | 'nothing';
const isLook = (deed: Deed) => deed === 'looks' || deed === 'runs';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Programs that show nothing of the world. */
const silent = words(
  ': cd pushd popd export set unset alias true false echo printf sleep exit wait trap read local source .',
);
/** Programs that change something other than the files they name. */
const changing = words(
  `mkdir chmod chown chgrp ln kill pkill killall useradd usermod patch apt apt-get dpkg apk yum dnf brew gem service systemctl crontab`,
);
const changingDeed =
  /^(git (add|am|apply|branch|checkout|cherry-pick|clean|clone|commit|init|merge|mv|pull|push|rebase|reset|restore|revert|rm|stash|switch|tag)|(npm|pnpm|yarn|pip|uv|cargo|go|gem) (install|i|ci|add|remove|uninstall|update|upgrade|get|init)|docker (run|build|rm|stop|start|exec)|kubectl (apply|create|delete|patch|scale|edit))$/;
/** Programs that only show. */
const showing = words(
  `cat tac nl less more head tail ls ll dir tree find fd locate stat file wc du df grep egrep fgrep zgrep rg ag cut sort uniq
  tr paste column diff cmp comm jq yq xxd od hexdump strings base64 md5sum sha1sum sha256sum cksum date whoami id pwd env printenv
  hostname uname ps top which whereis type command man basename dirname realpath readlink test [ [[ expr seq history nproc free git`,
);

function deedOf(command: ShellCommand, program: string): Deed {
  const { name, writes, deletes, via } = command;
  if ([...writes, ...deletes].some((path) => !path.startsWith('/dev/'))) return 'writes';
  if (changing.has(name) || changingDeed.test(program) || modifies(command)) return 'writes';
  if (silent.has(name) || (via.length === 0 && name === 'sudo')) return 'nothing';
  if (runsTests(command, program) || showing.has(name) || name === 'sed') return 'looks';
  return 'runs';
}

const statement = /\b(insert|update|delete|replace|create|drop|alter)\b/i;

/** Whether program text that it was given changes a database or writes a file. */
function modifies({ name, code }: ShellCommand): boolean {
  if (/^(sqlite3|psql|mysql|mariadb|duckdb)$/.test(name)) return statement.test(code);
  return (
    /^(python|node|ruby|perl)/.test(name) &&
    /\.write(_text|Sync|lines)?\(|\.dump\(|\.save\(|\.commit\(/.test(code)
  );
}
