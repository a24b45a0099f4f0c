import { engineAnswers } from '../src/sandbox/docker/engine.ts';

const answer = await engineAnswers();

/** Whether tests may use a container engine. With `PROCTOR_REQUIRE_DOCKER=1` its absence is a failure. */
export const engine = answer.ok;

/** Put into the names of tests that need an engine, so that a skip says why. */
export const engineNote = answer.ok ? '' : ` (skipped: ${answer.reason})`;

if (!answer.ok && process.env.PROCTOR_REQUIRE_DOCKER === '1') {
  throw new Error(`PROCTOR_REQUIRE_DOCKER=1, but ${answer.reason}`);
}
