import { proctorVersion } from '../../version.ts';

/** What a worker has to offer so that it is given a trial. */
export const offersOf = (sandbox: string, labels: readonly string[]): string[] => [
  `version:${proctorVersion}`,
  `sandbox:${sandbox}`,
  ...labels.map((label) => `label:${label}`),
];

/** What a worker offers that can open an agent of a run. */
export const agentOffer = (run: string, agent: string): string => `agent:${run}/${agent}`;

/** What of a trial's needs a worker does not offer, but for agents. */
export const lacking = (needs: readonly string[], offers: readonly string[]): string[] =>
  needs.filter((need) => !need.startsWith('agent:') && !offers.includes(need));
