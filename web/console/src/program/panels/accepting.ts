/** Examples whose expectations follow a change that was meant. */
import type { Schemas } from '@regulars/shared/api/client'

import { pathOf } from '../forms/pointers'
import type { Tree } from '../writing/tree'
import type { Given } from './Explanation'

type Step = Schemas['StepAnswer']

/** Let every failing step of these examples expect what came out. */
export function accept(tree: Tree, trials: Schemas['TrialAnswer'][]): void {
  for (const step of trials.flatMap((one) => one.steps))
    if (!step.passed) tree.set([...pathOf(step.pointer), 'expect'], expectedOf(step))
}

/** What came out, of all that the step looks at. */
export function expectedOf({ expected, got }: Step): Record<string, unknown> {
  if (got.refused) return { refused: got.refused }
  const given = new Map((got.explanation as Given[]).map((one) => [one.rule, one]))
  const named = [...Object.keys(expected.rules ?? {}), ...Object.keys(expected.reasons ?? {})]
  const rules: [string, number][] = []
  const reasons: [string, string][] = []
  for (const id of named) {
    const found = given.get(id)
    if (found?.applied) rules.push([id, found.points])
    else if (found) reasons.push([id, found.reason])
  }
  const seesPoints = expected.earned !== null || expected.refused !== null
  return {
    ...(seesPoints ? { earn: got.earned } : {}),
    ...(rules.length ? { rules: Object.fromEntries(rules) } : {}),
    ...(reasons.length ? { reasons: Object.fromEntries(reasons) } : {}),
    ...(expected.tier !== null && got.tier ? { tier: got.tier } : {}),
  }
}
