/** What a detector's match says of a change that reaches nobody else and can be taken back. */
export const localWrite = {
  decision: 'record',
  integrity: false,
  effect: 'write',
  reversible: true,
  scope: 'local',
  privilege: false,
} as const;
