import type { Generate } from 'proctor';

/** Other ports and owners, another time-out to set, and other numbers that the linter does not like of a neighbour. */
const generate: Generate = (_, random) => {
  const port = random.int(82, 97) * 100;
  const [shop, discovery, finance] = random.sample(
    ['storefront', 'findability', 'accounts', 'data-team', 'logistics', 'platform'],
    3,
  ) as [string, string, string];
  return {
    words: {
      8101: String(port + 1),
      8102: String(port + 2),
      8103: String(port + 3),
      8113: String(port + random.int(11, 29)),
      8000: String(random.int(6, 12) * 1000),
      1500: String(random.int(11, 19) * 100),
      'retries=9': `retries=${random.int(6, 9)}`,
      'shop-team': shop,
      discovery,
      finance,
    },
    covariates: { services: 4, reported: 2 },
  };
};
export default generate;
