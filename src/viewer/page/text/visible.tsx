import { memo } from 'react';
import { fragmentsOf } from './fragment.ts';

/** Text of a trace: never markup, nothing of it hidden, its direction kept to itself. */
export const Visible = memo(function Visible({ text, marks }: { text: string; marks?: readonly string[] }) {
  const fragments = fragmentsOf(text, marks);
  return (
    <bdi>
      {fragments.map((fragment, index) => {
        const key = `${index}`;
        if (fragment.kind === 'plain') return fragment.text;
        if (fragment.kind === 'mark') return <mark key={key}>{fragment.text}</mark>;
        return (
          <span key={key} className="control">
            {fragment.text}
          </span>
        );
      })}
    </bdi>
  );
});
