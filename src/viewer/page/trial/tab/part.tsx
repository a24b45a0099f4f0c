import type { StepResponse, TrialResponse } from '../../../api.ts';
import { Visible } from '../../text/visible.tsx';

/** A part of a tab under its own title. */
export function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="part">
      <h2>
        <Visible text={title} />
      </h2>
      {children}
    </section>
  );
}

export interface TabProps {
  page: TrialResponse;
  step: StepResponse;
  /** Texts that are marked wherever they stand. */
  marks: readonly string[];
}
