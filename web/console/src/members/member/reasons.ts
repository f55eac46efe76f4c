/** Which rules gave something with an event: points, or whatever else. */
import type { Schemas } from '@regulars/shared/api/client'

type Reason = Schemas['ReasonAnswer']
type Given = Schemas['GivenAnswer']

/** A rule's line, with what it gave beside points, or would have given. */
export interface Told extends Reason {
  given: Given[]
}

/** `gave` and `others`, both in the order of the rules. A coupon that was not given out at that time
 *  is nothing that anybody got. */
export function toldOf(explanation: Reason[], given: Given[]): Record<'gave' | 'others', Told[]> {
  const told = explanation.map((one) => ({
    ...one,
    given: given.filter((other) => other.rule === one.rule),
  }))
  const isGiving = (one: Told) => one.applied || one.given.some((other) => !other.why_not)
  return { gave: told.filter(isGiving), others: told.filter((one) => !isGiving(one)) }
}
