import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { namespaceOfThisProcess, ownerOfThisProcess } from '../process-owner.ts';

const renewMs = 60_000;
/** A lease that was not renewed for so long is over. */
export const leaseMs = 10 * 60_000;

const holderLabel = 'proctor.lease';

/** Who holds a lease: a process by its owner's name and its namespace, those of this process where they are absent. */
export const leaseHolder = (owner = '', namespace = namespaceOfThisProcess()) => `${owner} ${namespace}`;

/**
 * Shows on the engine that this process lives, for those who can't see its process: an empty volume, out of reach of any sandbox, that
 * is replaced every minute by a newer one.
 */
export class Lease {
  readonly #docker: Docker;
  #held: Promise<boolean> | undefined;
  #name: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** Whether the engine keeps leases. Begins to renew it on the first call. */
  hold(): Promise<boolean> {
    this.#held ??= this.#renew().then((held) => {
      if (held) this.#timer = setInterval(() => void this.#renew(), renewMs).unref();
      return held;
    });
    return this.#held;
  }

  async release(): Promise<void> {
    await this.#held;
    clearInterval(this.#timer);
    await this.#removeVolume(this.#name);
  }

  async #renew(): Promise<boolean> {
    const before = this.#name;
    const name = `proctor-lease-${randomBytes(8).toString('hex')}`;
    const labels = { [holderLabel]: leaseHolder(ownerOfThisProcess()) };
    const made = await this.#docker.createVolume({ Name: name, Labels: labels }).then(
      () => true,
      () => false,
    );
    if (made) this.#name = name;
    if (made) await this.#removeVolume(before);
    return made;
  }

  async #removeVolume(name: string | undefined): Promise<void> {
    if (name !== undefined)
      await this.#docker
        .getVolume(name)
        .remove()
        .catch(() => {});
  }
}

/** The leases on an engine. */
export interface Leases {
  /** Milliseconds by the engine's clock. */
  now: number;
  /** Holder → when its lease was last renewed. */
  renewed: ReadonlyMap<string, number>;
}

/** Undefined where the engine does not tell. */
export async function readLeases(docker: Docker): Promise<Leases | undefined> {
  try {
    const [{ Volumes }, info] = await Promise.all([
      docker.listVolumes({ filters: { label: [holderLabel] } as never }),
      docker.info(),
    ]);
    const now = Date.parse(info.SystemTime);
    if (Number.isNaN(now)) return undefined;
    const renewed = new Map<string, number>();
    for (const volume of Volumes ?? []) {
      const holder = volume.Labels?.[holderLabel] ?? '';
      const at = Date.parse((volume as { CreatedAt?: string }).CreatedAt ?? '');
      renewed.set(holder, Math.max(at, renewed.get(holder) ?? 0));
    }
    return { now, renewed };
  } catch {
    return undefined;
  }
}

/** Removes the leases of holders that are gone. */
export async function removeLeases(docker: Docker, isOver: (holder: string) => boolean): Promise<void> {
  const { Volumes } = await docker.listVolumes({ filters: { label: [holderLabel] } as never });
  const over = (Volumes ?? []).filter(({ Labels }) => isOver(Labels?.[holderLabel] ?? ''));
  await Promise.allSettled(over.map(({ Name }) => docker.getVolume(Name).remove()));
}
