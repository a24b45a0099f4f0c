import type { Feature } from '../feature.ts';
import { programsIn } from '../trial/program.ts';

const installs =
  /^((npm|pnpm|yarn|pip|uv|cargo|go|gem|apt|apt-get|apk|yum|dnf|brew|conda) (install|i|add|get)|pip)$/;

export const installed: Feature = {
  id: 'installed',
  what: 'installed a package, or tried to',
  calls: 'some',
  tell: ({ trial }) => [...programsIn(trial).values()].some((program) => installs.test(program)),
};
