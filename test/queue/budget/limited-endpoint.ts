import { setTimeout as sleep } from 'node:timers/promises';
import { message, status } from '../../model-server/reply.ts';
import { startModelServer } from '../../model-server/server.ts';

interface LimitedEndpoint {
  url: string;
  counts: { requests: number; refused: number; tokens: number; lastAt: number };
  close(): Promise<void>;
}

/** An endpoint that lets no more tokens through than a bucket has, which is filled evenly and holds a minute's worth. */
export async function startLimitedEndpoint(
  tokensPerMinute: number,
  latencyMs: number,
): Promise<LimitedEndpoint> {
  let level = tokensPerMinute;
  let at = performance.now();
  let begunAt: number | undefined;
  const counts = { requests: 0, refused: 0, tokens: 0, lastAt: 0 };
  const server = await startModelServer(async (request, index) => {
    const now = performance.now();
    begunAt ??= now;
    level = Math.min(tokensPerMinute, level + ((now - at) * tokensPerMinute) / 60_000);
    at = now;
    const input = Math.ceil(JSON.stringify(request.messages).length / 4);
    const output = 20 + ((index * 7919) % 200);
    counts.requests += 1;
    if (level < input + output) {
      counts.refused += 1;
      const waitS = ((input + output - level) * 60) / tokensPerMinute;
      return status(429, 'Rate limit reached', { 'retry-after': String(Math.ceil(waitS)) });
    }
    level -= input + output;
    counts.tokens += input + output;
    counts.lastAt = now - begunAt;
    await sleep(latencyMs);
    return message({ text: 'Fine.', usage: { input, output } });
  });
  return { url: server.url, close: server.close, counts };
}
