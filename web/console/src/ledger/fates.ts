/** What can become of points. */
import type { Schemas } from '@regulars/shared/api/client'

export type Step = Schemas['Step']

/** In the order in which they are stacked; what is left comes last. */
export const FATES = ['redeemed', 'expired', 'taken_back', 'passed_on', 'outstanding'] as const
export type Fate = (typeof FATES)[number]

/** Which share of the points that came; 0 of none. */
export function shareOf(step: Step, fate: Fate): number {
  return step.issued > 0 ? step[fate] / step.issued : 0
}
