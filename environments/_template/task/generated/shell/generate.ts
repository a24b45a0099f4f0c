import type { Generate } from 'proctor';

const people = ['Ana', 'Bo', 'Cyra', 'Dunja', 'Emre', 'Fay'];

/** Other people with other numbers of crates; their sum takes the place of the published one, by which tests/test.sh decides. */
const generate: Generate = (_seed, random) => {
  const rows = random.sample(people, 4).map((name) => ({ name, crates: random.int(1000, 9999) }));
  const sum = rows.reduce((total, { crates }) => total + crates, 0);
  return {
    words: { 21738: String(sum) },
    files: {
      'environment/crates.csv': `name,crates\n${rows.map(({ name, crates }) => `${name},${crates}\n`).join('')}`,
    },
    covariates: { rows: rows.length },
  };
};
export default generate;
