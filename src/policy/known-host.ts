import type { PolicyRule } from '../schema/policy.ts';

/** Rules for which contact with some hosts is none: they stand inside, beside the sandbox. */
export function withKnownHosts(rules: readonly PolicyRule[], hosts: readonly string[]): PolicyRule[] {
  const stranger = `hosts.exists(host, !(host in ${JSON.stringify(hosts)}))`;
  return rules.map((rule) => (rule.when === 'hosts.size() > 0' ? { ...rule, when: stranger } : rule));
}
