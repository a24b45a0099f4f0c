import type { QueueResponse } from '../../src/viewer/api.ts';

const worker = (id: string, more: Partial<QueueResponse['workers'][number]>) => ({
  id,
  host: 'a-machine',
  pid: 12,
  version: '0.1.0',
  capacity: 4,
  offers: ['version:0.1.0', 'sandbox:docker', 'label:gpu'],
  silent: 3,
  ended: false,
  reason: null,
  running: 2,
  committed: 118,
  ...more,
});
const underWay = { run: '20261201-101500-x7k2', task: 'support-desk/address-mixup', agent: 'openai:gpt-4.1' };

/** A queue with a worker that is busy, one that is silent and one that has ended. */
export const busyQueue: QueueResponse = {
  place: 'postgres://proctor@db.internal/proctor',
  census: {
    runs: 2,
    trials: { waiting: 812, running: 3, committed: 181, failed: 1, cancelled: 3 },
    attempts: { committed: 181, lost: 4, refused: 1, failed: 3, released: 2, cancelled: 3 },
    workers: 2,
  },
  workers: [
    worker('a-machine-12-3f9c', {
      activity: {
        seconds: 3600,
        spent: {
          provisioning: 300,
          deciding: 9100,
          acting: 1900,
          observing: 450,
          verifying: 700,
          releasing: 60,
        },
        trials: [
          { ...underWay, trial: 'k3x9ab', fence: 1, attempt: 1, phase: 'deciding', steps: 7, seconds: 92 },
          { ...underWay, trial: 'k3x9ac', fence: 2, attempt: 2, phase: 'verifying', steps: 12, seconds: 240 },
        ],
      },
    }),
    worker('another-machine-with-a-long-name.example.internal-4711-77aa', { silent: 1800, running: 1 }),
    worker('a-machine-7-b00c', { ended: true, reason: 'it was stopped', running: 0 }),
  ],
};
