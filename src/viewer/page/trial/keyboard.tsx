import { useEffect, useRef } from 'react';
import { Dialog } from '../dialog.tsx';

/** Keys of the trial page and what they do, as the help shows them. */
const keyNotes: [keys: string, does: string][] = [
  ['j / k', 'next / previous step'],
  ['n / p', 'next / previous finding'],
  ['e', 'next failed call'],
  ['< / >', 'first / last step'],
  ['1 … 9', 'tabs of the step'],
  ['/', 'search in everything'],
  ['space', 'play, or stop'],
  ['+ / -', 'play faster / slower'],
  ['?', 'this help'],
  ['Esc', 'close'],
];

/** Listens to single keys, but not where one types or with a modifier held. */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const typing = (event.target as Element | null)?.closest?.('input, select, textarea');
      if (typing && event.key !== 'Escape') return;
      const onButton = event.key === ' ' && (event.target as Element | null)?.closest?.('button, a, summary');
      const action = latest.current[event.key];
      if (!action || onButton) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

export function Help({ close }: { close: () => void }) {
  return (
    <Dialog title="Keys" close={close}>
      <dl className="keys">
        {keyNotes.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
