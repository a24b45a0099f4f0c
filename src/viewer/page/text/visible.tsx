import { memo } from 'react';
import { piecesOf } from './pieces.ts';

/** Text of a trace: never markup, nothing of it hidden, its direction kept to itself. */
export const Visible = memo(function Visible({ text, marks }: { text: string; marks?: readonly string[] }) {
  const pieces = piecesOf(text, marks);
  return (
    <bdi>
      {pieces.map((piece, index) => {
        const key = `${index}`;
        if (piece.kind === 'plain') return piece.text;
        if (piece.kind === 'mark') return <mark key={key}>{piece.text}</mark>;
        return (
          <span key={key} className="control">
            {piece.text}
          </span>
        );
      })}
    </bdi>
  );
});
