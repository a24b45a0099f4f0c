import { useState } from 'react';
import { useAnswer, useSource } from '../../source/source.tsx';
import { BodyView } from '../../text/body-view.tsx';
import { ContentView } from '../../text/content-view.tsx';
import { Part, type TabProps } from './part.tsx';

const earlierAtOnce = 5;

/** What the agent was shown before it decided: its exact request, or the trial so far. */
export function SawTab(props: TabProps) {
  const { page, step, marks } = props;
  const { asked } = step.step;
  const { task } = page.started;
  return (
    <>
      {asked ? (
        <Part title={asked.appended ? 'Appended to the request since the step before' : 'The whole request'}>
          <BodyView body={asked.request} label="request" marks={marks} />
        </Part>
      ) : (
        <p className="note">This agent asks no model; it sees the trial so far.</p>
      )}
      {step.step.index > 0 && <Earlier {...props} />}
      <details open={step.step.index === 0}>
        <summary>Instruction</summary>
        <BodyView body={task.instruction} label="instruction" marks={marks} tree={false} />
      </details>
      {task.guidance !== undefined && (
        <details>
          <summary>Guidance of the environment</summary>
          <BodyView body={task.guidance} label="guidance" marks={marks} tree={false} />
        </details>
      )}
      <details>
        <summary>Tools ({page.tools.length})</summary>
        <BodyView body={JSON.stringify(page.tools)} label="tools" marks={marks} />
      </details>
    </>
  );
}

/** Steps before, latest first: what was asked and what came back is in the request too. */
function Earlier({ page, step: { step }, marks }: TabProps) {
  const source = useSource();
  const [count, setCount] = useState(1);
  const steps = Array.from({ length: Math.min(count, step.index) }, (_, back) => step.index - 1 - back);
  const { value = [] } = useAnswer(
    () => Promise.all(steps.map((k) => source.step(page.run, page.trial, k))),
    [page.run, page.trial, step.index, count],
  );
  return (
    <Part title="From the steps before">
      {value.map(
        (earlier) =>
          earlier && (
            <details key={earlier.step.index} open={earlier.step.index === step.index - 1}>
              <summary>step {earlier.step.index}</summary>
              {earlier.step.asked && (
                <BodyView body={earlier.step.asked.request} label="request" marks={marks} />
              )}
              {earlier.step.calls.map(({ callId, tool, returned }) => (
                <div key={callId}>
                  <p className="note">{tool} gave back</p>
                  <ContentView blocks={returned?.shown ?? returned?.content ?? []} marks={marks} />
                </div>
              ))}
            </details>
          ),
      )}
      {count < step.index && (
        <button type="button" className="more" onClick={() => setCount(count + earlierAtOnce)}>
          earlier steps
        </button>
      )}
    </Part>
  );
}
