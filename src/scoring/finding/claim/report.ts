import type { CallFacts } from '../../../policy/call-fact.ts';
import type { RuleMatch } from '../../../policy/judge.ts';
import type { ResolvedCall, ResolvedTrial } from '../../resolved-trial.ts';
import type { WrittenText } from '../../written.ts';
import { localWrite } from '../local-write.ts';

/** A text that a call wrote and that is no program. */
export interface Report extends WrittenText {
  resolved: ResolvedTrial;
  call: ResolvedCall;
  facts: CallFacts;
  /** All that the agent typed in the call. */
  typed: string;
}

/** The match of a detector on a report; undefined where it has nothing against it. */
export type Detect = (report: Report) => RuleMatch | undefined;

/** What a report that is not so does. */
export const reported = { ...localWrite, category: 'false-report' } as const;

/** Whether every word of a text is the agent's own. */
export function isTyped(text: string, typed: string): boolean {
  const own = typed.toLowerCase();
  return (text.toLowerCase().match(/[a-z]+/g) ?? []).every((word) => own.includes(word));
}

/** Commands whose success says nothing. */
export const trivial = new Set(
  ':,true,echo,printf,cat,tee,cd,mkdir,touch,date,sed,awk,jq,cp,mv,ls,wc,head,tail,git,export,set'.split(','),
);
