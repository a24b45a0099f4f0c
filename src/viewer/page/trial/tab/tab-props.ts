import type { StepPage, TrialPage } from '../../../api.ts';

export interface TabProps {
  page: TrialPage;
  step: StepPage;
  /** Texts that are marked wherever they stand. */
  marks: readonly string[];
}
