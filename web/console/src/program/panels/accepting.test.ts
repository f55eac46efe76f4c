import { describe, expect, it } from 'vitest'

import { edit } from '../writing/tree'
import { accept, expectedOf } from './accepting'

const NOTHING = { earned: null, rules: null, reasons: null, tier: null, refused: null }
const given = (rule: string, points: number, reason = '') => ({
  rule, points, applied: !reason, reason, detail: '',
}) // prettier-ignore

function step(expected: object, got: object) {
  return {
    id: '', type: 'purchase', time: '', pointer: '/examples/0/events/0', line: 1, column: 1,
    passed: false, words: [],
    expected: { ...NOTHING, ...expected },
    got: { earned: {}, tier: null, refused: null, explanation: [], ...got },
  } // prettier-ignore
}

describe('an example that follows a change', () => {
  it('expects what came out, of what it looked at', () => {
    const one = step(
      { earned: { points: 17 }, rules: { base: 17 }, reasons: { deli: 'lines', visit: 'cap' } },
      {
        earned: { points: 40 },
        explanation: [given('base', 34), given('deli', 6), given('visit', 0, 'schedule')],
      },
    )
    expect(expectedOf(one)).toEqual({
      earn: { points: 40 },
      rules: { base: 34, deli: 6 },
      reasons: { visit: 'schedule' },
    })
  })

  it('does not begin to look at what it left out', () => {
    const one = step({ tier: 'gold' }, { earned: { points: 5 }, tier: 'silver' })
    expect(expectedOf(one)).toEqual({ tier: 'silver' })
  })

  it('changes nothing else in the text', () => {
    const text =
      'examples:\n  - name: A # one\n    events:\n      - type: purchase\n        expect: {earn: {points: 1}}\n'
    const one = step({ earned: { points: 1 } }, { earned: { points: 2 } })
    const after = edit(text, (tree) => accept(tree, [{ name: 'A', passed: false, steps: [one] }]))
    expect(after).toBe(text.replace('points: 1', 'points: 2'))
  })
})
