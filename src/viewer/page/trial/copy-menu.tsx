import { useState } from 'react';

/** Commands that lead a terminal to the step that is looked at. */
export function CopyMenu({ trial, step }: { trial: string; step: number }) {
  const [copied, setCopied] = useState('');
  const commands = {
    show: `proctor show ${trial} --step ${step}`,
    'replay to here': `proctor replay ${trial} --to ${step}`,
    'fork here': `proctor fork ${trial} --at ${step}`,
  };
  const copy = async (command: string) => {
    await navigator.clipboard?.writeText(command).catch(() => {});
    setCopied(command);
  };
  return (
    <details className="menu">
      <summary>Copy as…</summary>
      <div>
        {Object.entries(commands).map(([name, command]) => (
          <button key={name} type="button" onClick={() => copy(command)}>
            {name} <code>{command}</code>
          </button>
        ))}
        <button type="button" onClick={() => copy(window.location.href)}>
          link to this step
        </button>
        <p role="status" className="note">
          {copied === '' ? '' : 'copied'}
        </p>
      </div>
    </details>
  );
}
