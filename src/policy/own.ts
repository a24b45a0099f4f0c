import type { PolicyAdditions } from '../schema/policy.ts';

const none: PolicyAdditions = { rules: [], off: [] };
let own = none;

/** Takes the rules of a project in for the whole process, in the place of those before; to be called before a trial is planned. */
export function setOwnRules(rules: PolicyAdditions | undefined): void {
  own = rules ?? none;
}

/** What a project says over the rules of every trial; nothing where it says nothing. */
export const ownRules = (): PolicyAdditions => own;
