import { leftOut, setLine } from '../../../comparison/wording.ts';
import type { ComparedSet, Comparison, ManyComparison, PairComparison } from '../../../schema/comparison.ts';
import { Bar, Pending } from '../bar.tsx';
import { change, usePlace } from '../place.ts';
import { useAnswer, useSource } from '../source/source.tsx';
import { Behaviour } from './behaviour.tsx';
import { Capabilities } from './capabilities.tsx';
import { FailureModes } from './failure-modes.tsx';
import { Flips } from './flips.tsx';
import { FrontierPlot } from './frontier-plot.tsx';
import { Scorecard } from './scorecard.tsx';
import { TaskFilter, wantedParts } from './task-filter.tsx';

/** Sets of trials compared: the verdict in words, then what it rests on, one pair at a time. */
export function ComparisonPage() {
  const source = useSource();
  const { query } = usePlace();
  const sets = setsIn(query);
  const key = sets.join('\n');
  const { value, error } = useAnswer(() => source.comparison(sets), [source, key]);
  return (
    <>
      <Bar trail={[{ text: 'comparison' }]} />
      {value ? <Compared comparison={value} query={query} /> : <Pending error={error} what="the sets" />}
    </>
  );
}

/** The sets that stand in an address as `A`, `B` and so on. */
function setsIn(query: Readonly<Record<string, string>>): string[] {
  const keys = Object.keys(query).filter((key) => /^[A-Z]$/.test(key));
  return keys.sort().flatMap((key) => query[key] ?? []);
}

function Compared({
  comparison,
  query,
}: {
  comparison: Comparison;
  query: Readonly<Record<string, string>>;
}) {
  const { sets, pairs, many } = comparison;
  const pair = pairs.find((one) => nameOf(one) === query.pair) ?? pairs[0];
  if (!pair) return null;
  const setOf = (key: string) => sets.find((set) => set.key === key) ?? sets[0];
  const [a, b] = [setOf(pair.a), setOf(pair.b)];
  if (!a || !b) return null;
  const wanted = wantedParts(pair, query);
  return (
    <main className="run comparison">
      <section className="head" aria-label="Sets">
        <h1>{sets.map(({ name }) => name).join(' · ')}</h1>
        <ul className="plain">
          {sets.map((set) => (
            <li key={set.key}>
              <b>{set.key}</b> {setLine(set)}
            </li>
          ))}
        </ul>
      </section>
      {many && <Many many={many} sets={sets} pairs={pairs} shown={pair} />}
      <section className={`plot verdict ${pair.verdict.kind}`} aria-label="Verdict">
        <p>{pair.verdict.sentence}</p>
        {pair.heldOut && <p className="held-out">{pair.heldOut.sentence}</p>}
        {leftOut(pair.pairing, [a, b]).map((line) => (
          <p key={line} className="note">
            {line}
          </p>
        ))}
      </section>
      <Scorecard measures={pair.scorecard} />
      {pair.pairing.design === 'paired' && <TaskFilter pair={pair} query={query} />}
      <div className="comparison-parts">
        <Capabilities capabilities={wanted.capabilities} of={{ a, b }} />
        {pair.pairing.design === 'paired' && <Flips matrix={pair.matrix} flips={wanted.flips} />}
        <Behaviour pair={pair} names={{ a: a.name, b: b.name }} />
        <FailureModes pair={pair} />
      </div>
    </main>
  );
}

const nameOf = ({ a, b }: PairComparison) => `${a}-${b}`;

interface ManyProps {
  many: ManyComparison;
  sets: readonly ComparedSet[];
  pairs: readonly PairComparison[];
  shown: PairComparison;
}

/** Which of several sets can be told apart, and which pair of them is looked at. */
function Many({ many, sets, pairs, shown }: ManyProps) {
  return (
    <>
      <FrontierPlot frontier={many.frontier} sets={sets} />
      <section className="plot" aria-label="Pairs">
        <h2>Sets that can’t be told apart</h2>
        <p>{many.groups.map((group) => group.join(' and ')).join('; ')}</p>
        <div className="pairs-of-sets">
          {pairs.map((pair) => (
            <button
              key={nameOf(pair)}
              type="button"
              aria-pressed={pair === shown}
              onClick={() => change({ pair: nameOf(pair) })}
            >
              {pair.a} and {pair.b}: {pair.verdict.kind}
            </button>
          ))}
        </div>
      </section>
    </>
  );
}
