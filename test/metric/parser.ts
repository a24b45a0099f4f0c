import { execFileSync } from 'node:child_process';

const script = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
print(json.dumps([[s.name, s.labels, s.value] for f in text_string_to_metric_families(sys.stdin.read()) for s in f.samples]))
`;

/** A Python that has prometheus_client: on the path, or where `.ci/run` puts it. */
const python = ['python3', '/tmp/proctor-openmetrics/bin/python'].find((program) => {
  try {
    execFileSync(program, ['-c', 'import prometheus_client.openmetrics.parser'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/** Whether tests may read OpenMetrics as Prometheus does. With `PROCTOR_REQUIRE_OPENMETRICS=1` its absence is a failure. */
export const openMetrics = python !== undefined;

/** Put into the names of tests that need it, so that a skip says why. */
export const openMetricsNote = openMetrics ? '' : ' (skipped: pip install prometheus-client)';

if (!openMetrics && process.env.PROCTOR_REQUIRE_OPENMETRICS === '1')
  throw new Error('PROCTOR_REQUIRE_OPENMETRICS=1, but no Python has prometheus_client');

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Reads OpenMetrics by the parser of the Prometheus project. Throws where it refuses the text. */
export function samplesOf(text: string): Sample[] {
  const out = execFileSync(python ?? '', ['-c', script], { input: text, encoding: 'utf8' });
  return (JSON.parse(out) as [string, Record<string, string>, number][]).map(([name, labels, value]) => ({
    name,
    labels,
    value,
  }));
}

/** The sum of the samples with this name and these labels; undefined where there is none. */
export function metric(
  samples: readonly Sample[],
  name: string,
  labels: Record<string, string> = {},
): number | undefined {
  const found = samples.filter(
    (one) =>
      one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
  );
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
}
