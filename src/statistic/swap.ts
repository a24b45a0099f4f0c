/** How well trials went by who played what comes before a step and what comes after: `ab` is A before, B after. */
export interface Swapped {
  aa: number;
  ab: number;
  ba: number;
  bb: number;
}

/** The difference aa − bb split into what was made before the step and after it, and how far these depend on each other. */
export interface SwapParts {
  prefix: number;
  suffix: number;
  interaction: number;
}

export function swapParts({ aa, ab, ba, bb }: Swapped): SwapParts {
  return {
    prefix: (aa - ba + (ab - bb)) / 2,
    suffix: (aa - ab + (ba - bb)) / 2,
    interaction: aa - ab - (ba - bb),
  };
}
