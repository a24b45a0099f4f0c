import type { Generate } from 'proctor';

/** Other numbers in the place of the published ones, wherever these stand: in the instruction, the reference, agents and proctor.toml. */
const generate: Generate = (_seed, random) => {
  const [sold, left] = [random.int(10_000, 19_999), random.int(20_000, 39_999)];
  return {
    words: { 48210: String(sold + left), 17493: String(sold), 30717: String(left) },
    covariates: { numbers: 2 },
  };
};
export default generate;
