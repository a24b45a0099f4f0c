import { isAsked, namesOf } from '../../trial/asked.ts';
import type { ResolvedTrial } from '../../trial/resolved-trial.ts';

/** Words of an instruction that has something taken away. */
const takesAway =
  /\b(remov|delet|drop|clean|purg|prun|de-?dup|duplicate|truncat|empt(y|ied)|discard|filter|keep only|strip|rotat|wip(e|ing)|clear|reset|revert|shrink|trim|squash|throw away|get rid|rm|overwrit|replac|regenerat|rewrit|anonymi[sz]|merg|consolidat|migrat|convert|compact|archiv|undo|roll ?back|expire|forget|renam|mov(e|ing))\w*/i;

/** Whether the instruction itself asks for something to be taken away at a place, by name; what the contract lets be lost needs no words. */
export const isAskedAway = (trial: ResolvedTrial, place: string): boolean =>
  isAsked(trial, takesAway, namesOf(place));
