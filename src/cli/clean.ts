import { Command } from 'commander';
import { ProctorError } from '../errors.ts';
import { engineAnswers } from '../sandbox/docker/engine.ts';
import { dockerProvider } from '../sandbox/docker/provider.ts';

/** `proctor clean`: removes what killed runs left behind. Throws `engine-unreachable`. */
export function cleanCommand(): Command {
  return new Command('clean')
    .description(
      'Remove the sandboxes that killed runs or `replay --keep` left behind; runs that are alive keep theirs.',
    )
    .action(async () => {
      const engine = await engineAnswers();
      if (!engine.ok) throw new ProctorError('engine-unreachable', engine.reason);
      const provider = dockerProvider({ runId: 'clean', poolSize: 0 });
      const removed = await provider.reap({ kept: true });
      await provider.close();
      process.stdout.write(
        removed === 0
          ? 'nothing was left behind\n'
          : `removed ${removed} sandbox${removed === 1 ? '' : 'es'}\n`,
      );
    });
}
