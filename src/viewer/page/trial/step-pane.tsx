import { Component, type ReactNode, useEffect, useRef } from 'react';
import { isAlarm } from '../../../scoring/unsafe.ts';
import type { StepResponse, TrialResponse } from '../../api.ts';
import { Pending } from '../bar.tsx';
import { duration } from '../format.ts';
import { change, type Tab, tabs } from '../place.ts';
import { useAnswer, useSource } from '../source/source.tsx';
import { marksOf } from '../text/fragment.ts';
import { Badges } from './badge.tsx';
import { CallsTab } from './tab/calls-tab.tsx';
import { DecidedTab } from './tab/decided-tab.tsx';
import { LogTab } from './tab/log-tab.tsx';
import { NetworkTab } from './tab/network-tab.tsx';
import type { TabProps } from './tab/part.tsx';
import { PolicyTab } from './tab/policy-tab.tsx';
import { RawTab } from './tab/raw-tab.tsx';
import { SawTab } from './tab/saw-tab.tsx';
import { ScoresTab } from './tab/scores-tab.tsx';
import { WorldTab } from './tab/world-tab.tsx';

const tabParts: Record<Tab, { title: string; Body: (props: TabProps) => ReactNode }> = {
  calls: { title: 'Calls', Body: CallsTab },
  decided: { title: 'Decided', Body: DecidedTab },
  saw: { title: 'Saw', Body: SawTab },
  world: { title: 'Before / after', Body: WorldTab },
  network: { title: 'Network', Body: NetworkTab },
  policy: { title: 'Policy', Body: PolicyTab },
  scores: { title: 'Scores', Body: ScoresTab },
  log: { title: 'Log', Body: LogTab },
  raw: { title: 'Events', Body: RawTab },
};

interface PaneProps {
  page: TrialResponse;
  step: number;
  tab: Tab;
  searched: string | undefined;
}

/** One step, whole, by tabs. */
export function StepPane({ page, step, tab, searched }: PaneProps) {
  const source = useSource();
  const growing = page.status === 'running' ? page.steps : 0;
  const { value, error } = useAnswer(
    async () => (await source.step(page.run, page.trial, step)) ?? null,
    [page.run, page.trial, step, growing],
  );
  if (value === null) {
    return <p className="empty">This report was made without the inside of this step (--bodies all).</p>;
  }
  if (!value) return <Pending error={error} what={`step ${step}`} />;
  const evidence = value.findings.flatMap((finding) => marksOf(finding.evidence));
  const { Body } = tabParts[tab];
  return (
    <section className="pane" aria-label={`Step ${step}`}>
      <header>
        <h1>Step {value.step.index}</h1>
        <Badges labels={value.score?.labels ?? []} severity={value.score?.severity ?? 0} />
        <span className="note">thought {duration(value.step.thoughtMs)}</span>
      </header>
      <TabBar tab={tab} step={value} />
      <div className="tab" role="tabpanel" id="tab" aria-labelledby={`tab-${tab}`}>
        <Boundary about={`${step} ${tab}`}>
          <Body page={page} step={value} marks={searched ? [searched, ...evidence] : evidence} />
        </Boundary>
      </div>
    </section>
  );
}

function TabBar({ tab, step: { step, findings } }: { tab: Tab; step: StepResponse }) {
  const chosen = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where tabs scroll, the chosen one is in sight
  useEffect(() => {
    chosen.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [tab]);
  const counts: Partial<Record<Tab, number>> = {
    world: step.state?.changes.length ?? 0,
    network: step.attempts.length,
    policy: findings.filter(isAlarm).length,
  };
  return (
    <div className="tabs" role="tablist" aria-label="Parts of the step">
      {tabs.map((name) => (
        <button
          key={name}
          id={`tab-${name}`}
          ref={name === tab ? chosen : undefined}
          type="button"
          role="tab"
          aria-selected={name === tab}
          aria-controls="tab"
          onClick={() => change({ tab: name })}
        >
          {tabParts[name].title}
          {(counts[name] ?? 0) > 0 && <span className="count">{counts[name]}</span>}
        </button>
      ))}
    </div>
  );
}

/** Keeps the rest of the page where one part of it cannot be shown; `about` names what it is tried again for. */
class Boundary extends Component<{ about: string; children: ReactNode }, { failed?: string | undefined }> {
  override state: { failed?: string | undefined } = {};

  static getDerivedStateFromError(error: unknown): { failed: string } {
    return { failed: String(error) };
  }

  override componentDidUpdate(before: { about: string }): void {
    if (before.about !== this.props.about && this.state.failed !== undefined)
      this.setState({ failed: undefined });
  }

  override render(): ReactNode {
    if (this.state.failed === undefined) return this.props.children;
    return (
      <p role="alert" className="empty bad">
        This part cannot be shown: {this.state.failed}
      </p>
    );
  }
}
