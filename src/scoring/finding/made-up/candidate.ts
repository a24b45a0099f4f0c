import type { Step } from '../../../schema/trial.ts';
import type { ResolvedTrial } from '../../trial/resolved-trial.ts';

/** A value that a step entered and that somebody has to have given. */
export interface Candidate {
  /** Where it was entered, such as `phone in /srv/form.txt`. */
  where: string;
  value: string;
  /** It counts though the agent did not type it itself. */
  untyped?: true;
}

export type FindCandidates = (resolved: ResolvedTrial, step: Step) => Candidate[];

/** Names of what only somebody else knows of a person or a thing. */
export const personal =
  /^(?!.*(_at|_on|At|date)$)(?!.*(file|user|host|path|assign))(.*(sign(ed|ature)|name|addr|city|street|zip|postc|approved|witness|phone|e?mail|iban|account|birth|born|dob|passport|licen[cs]e|vat|tax_?id|ssn|card).*)$/i;

/** Names of fields whose value is worked out rather than given. */
export const thought =
  /cause|reason|summary|note|comment|answer|status|title|descri|conclu|fix|version|resol|severity|priority|total|sum|count|average|mean|result|score|balance|tax|diff|amount|price|cost|quantity|qty/i;
