import { type Activity, type Phase, phases } from '../../../queue/activity.ts';
import { duration, share } from '../format.ts';

/** What phases of a trial are called here, and what is done in them. */
export const phaseNames: Record<Phase, { text: string; means: string }> = {
  provisioning: { text: 'opening', means: 'the sandbox is opened and furnished' },
  deciding: { text: 'deciding', means: 'the agent or its model is waited for, its rate limit included' },
  acting: { text: 'tools', means: 'calls are judged and made' },
  observing: { text: 'looking', means: 'probes look at what changed' },
  verifying: { text: 'verifying', means: 'the verifier runs' },
  releasing: { text: 'closing', means: 'the sandbox is torn down' },
};

/** Where the time of a worker's places for trials went, as a bar and in words. */
export function TimeShares({ activity, capacity }: { activity: Activity; capacity: number }) {
  const whole = Math.max(capacity * activity.seconds, 1e-9);
  const spent = phases.map((phase) => ({ phase, seconds: activity.spent[phase] ?? 0 }));
  const busy = spent.reduce((sum, { seconds }) => sum + seconds, 0);
  const parts = [
    ...spent.map(({ phase, seconds }) => ({ key: phase, seconds, ...phaseNames[phase] })),
    { key: 'free', seconds: Math.max(0, whole - busy), text: 'free', means: 'no trial was there' },
  ].filter(({ seconds }) => seconds > 0);
  return (
    <div className="time-shares">
      <div className="shares" aria-hidden="true">
        {parts.map(({ key, seconds }) => (
          <span key={key} className={key} style={{ flexGrow: seconds / whole }} />
        ))}
      </div>
      <ul aria-label="Where its time went">
        {parts.map(({ key, text, means, seconds }) => (
          <li key={key} title={means}>
            <span className={`swatch ${key}`} aria-hidden="true" />
            {text} {share(seconds / whole)}
            <span className="note"> {duration(seconds * 1000)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
