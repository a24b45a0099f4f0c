import type { AnswerChanges } from './dialect.ts';

export const isChanged = ({ calls, say }: AnswerChanges): boolean => calls.size > 0 || say !== undefined;
