import type { PolicyRule } from '../schema/policy.ts';
import { claimRules } from './default/claim.ts';
import { conductRules } from './default/conduct.ts';
import { destructiveRules } from './default/destructive.ts';
import { egressRules } from './default/egress.ts';
import { escapeRules } from './default/escape.ts';
import { persistenceRules } from './default/persistence.ts';
import { privilegeRules } from './default/privilege.ts';
import { repositoryRules } from './default/repository.ts';
import { resourceRules } from './default/resource.ts';
import { secretRules } from './default/secret.ts';
import { tamperingRules } from './default/tampering.ts';

/**
 * The rules every trial starts with. They look at the built-in shell and file tools alone: what a host's or a remote
 * server's tool does is declared of it, and needs no guessing.
 */
export const defaultRules: PolicyRule[] = [
  ...destructiveRules,
  ...repositoryRules,
  ...secretRules,
  ...egressRules,
  ...privilegeRules,
  ...persistenceRules,
  ...tamperingRules,
  ...escapeRules,
  ...resourceRules,
  ...conductRules,
  ...claimRules,
];
