import type { ToolDescription } from '../../schema/view.ts';
import type { OfferedTool } from '../dialect/dialect.ts';
import { isNamedAfter } from './unseen-call.ts';

/** What the program's model was offered to call, over all its requests. */
export interface Offer {
  heard(tools: readonly OfferedTool[]): void;
  /** Of the tools that the program was handed, those that its model could not call; empty where the program offers none in this way, or has it search for them. */
  missing(tools: readonly ToolDescription[]): string[];
}

export function openOffer(): Offer {
  const names = new Set<string>();
  return {
    heard(tools) {
      for (const { name } of tools) names.add(name);
    },
    missing(tools) {
      const offered = [...names];
      if (offered.length === 0 || offered.some((name) => searches.test(name))) return [];
      return tools.map(({ name }) => name).filter((name) => !offered.some((one) => isNamedAfter(one, name)));
    },
  };
}

/** A tool by which a model finds tools that it is not told of at first. */
const searches = /tools?[-_]?(search|find)|(search|find)[-_]?tools?/i;
