import { expect, test } from 'vitest'

import { toldOf } from './reasons'

const rule = (name: string, points: number) => ({
  ...{ rule: name, name, says: '', points, applied: points !== 0, reason: '', detail: '' },
})
const coupon = (name: string, why = '') => ({
  ...{ rule: name, kind: 'coupon', what: 'ten', until: null, why_not: why, detail: '', says: '' },
})

test('a rule that gives no points but a coupon has given something', () => {
  const { gave, others } = toldOf(
    [rule('base', 0), rule('treat', 0), rule('double', 7), rule('late', 0)],
    [coupon('treat'), coupon('late', 'template_paused')],
  )

  expect(gave.map((one) => [one.rule, one.given.length])).toEqual([
    ['treat', 1],
    ['double', 0],
  ])
  expect(others.map((one) => [one.rule, one.given.length])).toEqual([
    ['base', 0],
    ['late', 1],
  ])
})
