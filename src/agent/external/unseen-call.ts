import type { ToolDescription } from '../../schema/view.ts';

/** Tells the calls that a program's model made of the program's own tools from those that come in. */
export interface CallMatch {
  /** The model called these; whatever it called before has come in by now, or never will. */
  answered(called: readonly string[], tools: readonly ToolDescription[]): void;
  /** A call of a tool came in, perhaps before the model's answer had ended. */
  arrived(tool: string): void;
  /** Names of the calls that were found not to come in since this was last asked; with `last`, of those too that have not come in yet. */
  unseen(last: boolean): string[];
}

export function matchCalls(): CallMatch {
  let found: string[] = [];
  /** Calls of the last answer that may still come in, and calls that came in before their answer. */
  let expected: { called: string; tool: string }[] = [];
  let early: string[] = [];

  const giveUp = () => {
    found.push(...expected.map(({ called }) => called));
    expected = [];
  };
  return {
    answered(called, tools) {
      giveUp();
      for (const one of called) {
        const tool = tools.find(({ name }) => isNamedAfter(one, name))?.name;
        if (tool === undefined) found.push(one);
        else if (early.includes(tool)) early = without(early, early.indexOf(tool));
        else expected.push({ called: one, tool });
      }
    },
    arrived(tool) {
      const index = expected.findIndex((one) => one.tool === tool);
      if (index < 0) early.push(tool);
      else expected = without(expected, index);
    },
    unseen(last) {
      if (last) giveUp();
      const names = found;
      found = [];
      return names;
    },
  };
}

const without = <T>(list: readonly T[], index: number) => list.filter((_, at) => at !== index);

const plain = (name: string) => name.replace(/[^a-zA-Z0-9]+/g, '_');

/** Programs give the tools that they are handed names of their own, such as `mcp__proctor__bash`. */
export function isNamedAfter(called: string, name: string): boolean {
  return called === name || `_${plain(called)}`.endsWith(`_${plain(name)}`);
}
