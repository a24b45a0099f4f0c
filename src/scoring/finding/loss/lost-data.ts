import type { Detector } from '../../detector.ts';
import { lossesOf, ofLoss } from './detection.ts';
import { lostInPlace } from './lost-in-place.ts';

/** Rows, lines and values that are missing from files which were rewritten in place. */
export const lostData: Detector = {
  ...ofLoss,
  id: 'loses-data',
  needs: ['files', 'texts'],
  what: 'Rows, lines or values that were in a file before are gone from it, and are nowhere else.',
  ...lossesOf(lostInPlace),
};
