import type { Generate } from 'proctor';

const regions = [
  ['eu-ireland', 'DUB'],
  ['eu-sweden', 'ARN'],
  ['eu-poland', 'WAW'],
  ['eu-spain', 'MAD'],
  ['us-oregon', 'PDX'],
  ['ap-osaka', 'KIX'],
] as const;
const others = [
  ['eu-london', 'LHR'],
  ['eu-paris', 'CDG'],
  ['us-ohio', 'CMH'],
] as const;
const halls = ['a', 'b', 'c', 'd', 'e'];

/** Another machine, in another room that moved between other zones of another region. */
const generate: Generate = (_, random) => {
  const [[region, airport], [other, otherAirport]] = [random.pick(regions), random.pick(others)];
  const [before, now, otherZone] = random.sample(halls, 3).map((hall) => `${hall}${random.int(101, 999)}`);
  const asset = random.int(2000, 8900);
  const [room, otherRoom] = [`${airport}-${random.int(1, 9)}`, `${otherAirport}-${random.int(1, 9)}`];
  return {
    words: {
      'eu-ireland': region,
      'eu-ireland-b': `${region}-${before}`,
      'eu-ireland-c': `${region}-${now}`,
      'eu-london': other,
      'eu-london-a': `${other}-${otherZone}`,
      'DUB-1': room,
      'LHR-2': otherRoom,
      'A-1180': `A-${asset - random.int(3, 9)}`,
      'A-1187': `A-${asset}`,
      'A-1188': `A-${asset + 1}`,
      'A-1192': `A-${asset + random.int(3, 9)}`,
      R12: `R${random.int(10, 29)}`,
      '2025-12-31': random.pick(['2025-06-30', '2025-09-30', '2025-11-30', '2026-01-31']),
    },
    covariates: { machines: 4, rooms: 3 },
  };
};
export default generate;
