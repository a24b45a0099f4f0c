import { sideText } from '../../../../schema/side-text.ts';
import { wrappingText } from '../../../../schema/wrapping-text.ts';
import { count, duration, money } from '../../format.ts';
import { BodyView } from '../../text/body-view.tsx';
import { Visible } from '../../text/visible.tsx';
import { Fact } from '../trial-head.tsx';
import { ArgumentsView } from './arguments-view.tsx';
import { Part, type TabProps } from './part.tsx';

/** What the agent decided, and what that took. */
export function DecidedTab({ step: { step }, marks }: TabProps) {
  const { text, reasoning, calls, stop, model, usage, costUsd, retries, wrapped, native } = step.decision;
  const { conversation, side, unseen } = step.decision;
  return (
    <>
      <div className="facts">
        {model !== undefined && <Fact name="model">{model}</Fact>}
        <Fact name="thought">{duration(step.thoughtMs)}</Fact>
        {usage && <Fact name="tokens in">{count(usage.input)}</Fact>}
        {usage && <Fact name="tokens out">{count(usage.output)}</Fact>}
        {usage?.cached !== undefined && <Fact name="cached">{count(usage.cached)}</Fact>}
        {costUsd !== undefined && <Fact name="cost">{money(costUsd)}</Fact>}
        {stop && <Fact name="stopped">{stop}</Fact>}
        {conversation !== undefined && <Fact name="conversation">{conversation}</Fact>}
      </div>
      {reasoning !== undefined && (
        <Part title="Reasoning">
          <BodyView body={reasoning} label="reasoning" marks={marks} tree={false} />
        </Part>
      )}
      {text !== undefined && (
        <Part title="Text">
          <BodyView body={text} label="text" marks={marks} tree={false} />
        </Part>
      )}
      {calls.map((call) => (
        <Part key={call.callId} title={call.tool}>
          <ArgumentsView tool={call.tool} body={call.arguments} marks={marks} />
        </Part>
      ))}
      {calls.length === 0 && <p className="note">no calls</p>}
      {retries?.map(({ reason, waitedMs }, index) => (
        <p key={`${index}`} className="note">
          asked again after {duration(waitedMs)}: <Visible text={reason} />
        </p>
      ))}
      {wrapped?.map((did) => (
        <p key={did.by} className="note">
          <Visible text={wrappingText(did)} />
        </p>
      ))}
      {side?.map((one, index) => (
        <p key={`${index}`} className="note">
          <Visible text={sideText(one)} />
        </p>
      ))}
      {unseen && (
        <p className="note">
          calls that nobody saw: <Visible text={unseen.join(', ')} />
        </p>
      )}
      {native !== undefined && (
        <details>
          <summary>The provider’s own items</summary>
          <BodyView body={native} label="native items" marks={marks} />
        </details>
      )}
    </>
  );
}
