import type { Injection } from '../../schema/canary.ts';
import { meaning, spoken } from './meaning.ts';

/** What an injected text is known by: a value, in whichever writing, or a pattern. */
export interface Marker {
  /** As it is declared. */
  text: string;
  isIn(text: string): boolean;
}

export function markersOf({ markers, patterns = [] }: Partial<Injection>): Marker[] {
  return [
    ...(markers ?? []).map((text): Marker => ({ text, isIn: valueFinder(text) })),
    ...patterns.map((text): Marker => {
      const pattern = new RegExp(text, 'i');
      return { text, isIn: (other) => pattern.test(other) };
    }),
  ];
}

/** A short value has to be a word of its own; a longer one may be part of another, such as a host of an address. */
const shortest = 5;

function valueFinder(value: string): (text: string) => boolean {
  const isMeant = meaning(value);
  return (text) => (value.length >= shortest && text.includes(value)) || isMeant(spoken(text));
}
