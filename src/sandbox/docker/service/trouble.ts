import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { readLines } from '../../line-reader.ts';
import type { ServiceTrouble } from '../../service.ts';
import { labelNames } from '../container-label.ts';
import type { ServiceContainer } from './container.ts';

interface EngineEvent {
  Action?: string;
  Actor?: { ID?: string; Attributes?: Record<string, string> };
}

/** Notices what goes wrong with the services of a group, as the engine tells it. */
export class TroubleWatch {
  readonly #services: readonly ServiceContainer[];
  readonly #found: Promise<ServiceTrouble>[] = [];
  #stream: Readable | undefined;

  constructor(services: readonly ServiceContainer[]) {
    this.#services = services;
  }

  /** Begins to listen; where the engine does not tell, nothing is noticed. */
  async start(docker: Docker, group: string): Promise<void> {
    const filters = { label: [`${labelNames.group}=${group}`], event: ['die', 'oom', 'health_status'] };
    const stream = (await docker.getEvents({ filters }).catch(() => undefined)) as Readable | undefined;
    const lines = readLines({ onLine: (line) => this.#notice(line) });
    stream?.on('data', (chunk: Buffer) => lines.push(chunk)).on('error', () => {});
    this.#stream = stream;
  }

  /** What was noticed since the last call. */
  take(): Promise<ServiceTrouble[]> {
    return Promise.all(this.#found.splice(0));
  }

  stop(): void {
    this.#stream?.destroy();
  }

  #notice(line: string): void {
    if (line.trim() === '') return;
    const { Action = '', Actor } = JSON.parse(line) as EngineEvent;
    const service = this.#services.find(({ container }) => container.id === Actor?.ID);
    const what = service && whatOf(Action);
    if (!service || what === undefined) return;
    const exit = Actor?.Attributes?.exitCode;
    this.#found.push(
      service.lastLines().then((log) => ({
        service: service.service.name,
        what,
        ...(exit !== undefined && { exitCode: Number(exit) }),
        log,
      })),
    );
  }
}

function whatOf(action: string): string | undefined {
  if (action === 'die') return 'ended';
  if (action === 'oom') return 'ran out of memory';
  return action.endsWith('unhealthy') ? 'is unhealthy' : undefined;
}
