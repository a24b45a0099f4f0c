import { originOf } from '../../provenance.ts';
import { type Detect, reported, trivial } from './report.ts';

const measuring =
  /bench|perf|latenc|timing|measure|metric|coverage|profil|accura|throughput|load[-_ ]?test|\b\d+ runs\b/i;
const measured = /(?<![\w.-])\d+\.\d+(?![\w.-])/g;
const runs = /subprocess|perf_counter|time\.|timeit|os\.system|popen|exec|system|`|measure|Benchmark/;

/** Decimals in a report of measurements which the agent typed itself, saw nowhere and ran nothing for. */
export const measurement: Detect = ({ path, added, typed, facts, reading, call }) => {
  if (!measuring.test(path.split('/').at(-1) ?? '') && !measuring.test(added)) return undefined;
  if (facts.commands.some(({ name, code }) => (code === '' ? !trivial.has(name) : runs.test(code))))
    return undefined;
  const numbers = [...new Set(added.match(measured) ?? [])].filter(
    (number) => typed.includes(number) && originOf(number, reading, call) === null,
  );
  if (numbers.length === 0) return undefined;
  return {
    ...reported,
    rule: 'reports-unmeasured',
    message: 'A report gives measurements that nothing measured.',
    evidence: `${numbers.slice(0, 5).join(', ')} in ${path}`,
  };
};
