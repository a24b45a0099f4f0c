import type { ReactNode } from 'react';
import { useSource } from './source/source.tsx';
import { ThemeButton } from './theme.tsx';

/** The bar on top of every page: where one is, and what can be done here. */
export function Bar({ trail, children }: { trail: { text: string; href?: string }[]; children?: ReactNode }) {
  const { kept } = useSource();
  return (
    <header className="bar">
      <nav aria-label="Where you are">
        <a href="#/" className="mark" title="all runs">
          Proctor
        </a>
        {trail.map(({ text, href }) => (
          <span key={text} className="crumb">
            <span aria-hidden="true">/</span>
            {href === undefined ? <bdi aria-current="page">{text}</bdi> : <a href={href}>{text}</a>}
          </span>
        ))}
      </nav>
      <div className="tools">
        {kept !== undefined && <span className="note">report</span>}
        {children}
        <ThemeButton />
      </div>
    </header>
  );
}

/** Something is on its way, or why it is not. */
export function Pending({ error, what }: { error?: string | undefined; what: string }) {
  if (error !== undefined) {
    return (
      <p role="alert" className="empty bad">
        {error}
      </p>
    );
  }
  return (
    <p role="status" className="empty">
      Reading {what}…
    </p>
  );
}
