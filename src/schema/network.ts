import { z } from 'zod';

/**
 * What a sandbox may reach: `none` nothing; `sink` nothing, but every attempt is answered and recorded; `allowlist` the
 * named hosts, with every attempt recorded; `public` whatever the engine's network reaches.
 */
export const networkMode = z.enum(['none', 'sink', 'allowlist', 'public']);
export type NetworkMode = z.infer<typeof networkMode>;

/** The mode and hosts of an environment or a task. */
export const networkRequest = {
  network: networkMode
    .exclude(['public'])
    .optional()
    .describe(
      '`none` (default), `sink` (every attempt is answered and recorded, nothing leaves) or `allowlist` (only `allowed_hosts` pass).',
    ),
  allowed_hosts: z
    .array(z.string())
    .optional()
    .describe(
      'With `allowlist`: names, `*.` and a name for all below it, IPv4 addresses, networks such as 10.0.0.0/8.',
    ),
};

/** One thing that a sandbox tried to send out, as its gateway saw it. */
export const networkAttempt = z.strictObject({
  protocol: z.enum(['dns', 'http', 'tls', 'tcp', 'udp', 'other']),
  /** sunk: answered by the gateway alone; passed: let out to an allowed host; refused: neither. */
  verdict: z.enum(['sunk', 'passed', 'refused']),
  /** The name that was asked for, or under which the address had been got. */
  name: z.string().optional(),
  /** IPv4 address that was contacted; one of 198.18.0.0/15 stands for a name. */
  address: z.string().optional(),
  port: z.int().optional(),
  method: z.string().optional(),
  /** The `Host` of a request, or the server's name in a TLS greeting. */
  host: z.string().optional(),
  path: z.string().optional(),
  /** Bytes that were sent; of HTTP the body's. */
  size: z.int().nonnegative(),
  /** True where more was sent than was kept to look through. */
  truncated: z.literal(true).optional(),
  /** How many attempts this stands for that were only counted; 1 when absent. */
  times: z.int().positive().optional(),
});
export type NetworkAttempt = z.infer<typeof networkAttempt>;
